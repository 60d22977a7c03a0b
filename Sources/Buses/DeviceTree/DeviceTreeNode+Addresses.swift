extension DeviceTreeNode {
  /// The device's register windows: `reg`, as addresses of the CPU. Empty if the node has no `reg`.
  ///
  /// - Throws: `.malformedProperty`, `.unsupportedCells`, or `.notTranslatable` if a bus in between does not pass an
  ///   address on.
  public func registers() throws(DeviceTreeError) -> [AddressRange] {
    guard let property = property("reg"), let bus = parent else { return [] }
    let cells = try property.cells()
    let addressCells = try bus.addressCells()
    let sizeCells = try bus.sizeCells()
    guard addressCells > 0, cells.count % (addressCells + sizeCells) == 0 else { throw property.malformed }
    var windows: [AddressRange] = []
    var position = 0
    while position < cells.count {
      let address = number(cells, position, addressCells)
      let byteCount = number(cells, position + addressCells, sizeCells)
      position += addressCells + sizeCells
      windows.append(
        AddressRange(address: try bus.translate(address, byteCount: byteCount), byteCount: byteCount))
    }
    return windows
  }

  /// Turns an address on this bus into an address of the CPU, through the `ranges` of this node and of all above it.
  func translate(_ address: UInt64, byteCount: UInt64) throws(DeviceTreeError) -> UInt64 {
    var address = address
    var bus = self
    while let above = bus.parent {
      address = try bus.translateOnce(address, byteCount: byteCount, to: above)
      bus = above
    }
    return address
  }

  private func translateOnce(
    _ address: UInt64, byteCount: UInt64, to above: DeviceTreeNode
  ) throws(DeviceTreeError) -> UInt64 {
    guard let property = property("ranges") else { throw .notTranslatable(node: path, address: address) }
    let cells = try property.cells()
    if cells.isEmpty { return address }
    let child = try addressCells()
    let parent = try above.addressCells()
    let size = try sizeCells()
    guard child > 0, parent > 0, size > 0, cells.count % (child + parent + size) == 0 else { throw property.malformed }
    var position = 0
    while position < cells.count {
      let start = number(cells, position, child)
      let target = number(cells, position + child, parent)
      let length = number(cells, position + child + parent, size)
      position += child + parent + size
      guard address >= start, byteCount <= length, address - start <= length - byteCount else { continue }
      let (translated, overflow) = target.addingReportingOverflow(address - start)
      guard !overflow else { throw property.malformed }
      return translated
    }
    throw .notTranslatable(node: path, address: address)
  }

  /// How many cells an address takes in this node's children; 2 if it does not say.
  func addressCells() throws(DeviceTreeError) -> Int { try cellCount("#address-cells", default: 2) }

  /// How many cells a size takes in this node's children; 1 if it does not say.
  func sizeCells() throws(DeviceTreeError) -> Int { try cellCount("#size-cells", default: 1) }

  private func cellCount(_ name: String, default standard: UInt32) throws(DeviceTreeError) -> Int {
    let count = try cell(name) ?? standard
    guard count <= 2 else { throw .unsupportedCells(node: path, count: count) }
    return Int(count)
  }

  /// The number in `count` cells, 0 ... 2, from `position` on; the caller has checked that they are there.
  func number(_ cells: [UInt32], _ position: Int, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for offset in 0..<count { value = value << 32 | UInt64(cells[position + offset]) }
    return value
  }
}
