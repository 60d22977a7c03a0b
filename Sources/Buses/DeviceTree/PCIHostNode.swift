/// A generic PCI host bridge (`pci-host-ecam-generic`), as its node describes it.
///
/// Binding: PCI Bus Binding to Open Firmware, and the kernel binding `host-generic-pci`.
public struct PCIHostNode: Hashable, Sendable {
  /// The node's path.
  public var path: String
  /// The configuration space of all buses, as the CPU sees it.
  public var configuration: AddressRange
  /// The buses behind the bridge; the first bus's configuration space is at the start of `configuration`.
  public var buses: ClosedRange<UInt8>
  /// Windows in which BARs can be placed.
  public var windows: [PCIHostWindow]
  /// The raw cells of `interrupt-map`; empty if there is none.
  public var interruptMap: [UInt32]
  /// The four cells of `interrupt-map-mask`; empty if there are none.
  public var interruptMapMask: [UInt32]
  /// True if memory accesses of its devices are coherent with the CPU's caches.
  public var isDMACoherent: Bool
}

/// A range of addresses on a PCI bus that the CPU reaches.
public struct PCIHostWindow: Hashable, Sendable {
  /// What lies in a window.
  public enum Space: UInt8, Hashable, Sendable {
    /// I/O ports, reached through memory.
    case io = 1
    /// Memory below 4 GiB.
    case memory32 = 2
    /// Memory anywhere.
    case memory64 = 3
  }

  /// What lies in the window.
  public var space: Space
  /// True if reads have no side effects.
  public var isPrefetchable: Bool
  /// The first address on the bus.
  public var busAddress: UInt64
  /// The same, as the CPU sees it.
  public var cpuAddress: UInt64
  /// The size in bytes.
  public var byteCount: UInt64

  /// A window of `byteCount` bytes.
  public init(space: Space, isPrefetchable: Bool, busAddress: UInt64, cpuAddress: UInt64, byteCount: UInt64) {
    self.space = space
    self.isPrefetchable = isPrefetchable
    self.busAddress = busAddress
    self.cpuAddress = cpuAddress
    self.byteCount = byteCount
  }
}

extension FlattenedDeviceTree {
  /// The first enabled generic PCI host bridge; nil if there is none.
  public func pciHost() throws(DeviceTreeError) -> PCIHostNode? {
    for node in nodes(compatibleWith: "pci-host-ecam-generic") where node.isEnabled {
      return try node.pciHost()
    }
    return nil
  }
}

extension DeviceTreeNode {
  func pciHost() throws(DeviceTreeError) -> PCIHostNode {
    guard let configuration = try registers().first else { throw .noProperty(node: path, property: "reg") }
    return PCIHostNode(
      path: path, configuration: configuration, buses: try busRange(), windows: try pciWindows(),
      interruptMap: try property("interrupt-map")?.cells() ?? [],
      interruptMapMask: try property("interrupt-map-mask")?.cells() ?? [], isDMACoherent: isDMACoherent)
  }

  private func busRange() throws(DeviceTreeError) -> ClosedRange<UInt8> {
    guard let property = property("bus-range") else { return 0...255 }
    let cells = try property.cells()
    guard cells.count == 2, cells[0] <= cells[1], cells[1] <= 255 else { throw property.malformed }
    return UInt8(cells[0])...UInt8(cells[1])
  }

  /// `ranges` of a PCI bus: three cells of bus address, the first of which says what kind it is.
  private func pciWindows() throws(DeviceTreeError) -> [PCIHostWindow] {
    guard let property = property("ranges"), let above = parent else { return [] }
    let cells = try property.cells()
    let parentCells = try above.addressCells()
    let sizeCells = try sizeCells()
    let stride = 3 + parentCells + sizeCells
    guard parentCells > 0, sizeCells > 0, cells.count % stride == 0 else { throw property.malformed }
    var windows: [PCIHostWindow] = []
    var position = 0
    while position < cells.count {
      let kind = cells[position]
      let busAddress = number(cells, position + 1, 2)
      let address = number(cells, position + 3, parentCells)
      let byteCount = number(cells, position + 3 + parentCells, sizeCells)
      position += stride
      // Kind 0 is configuration space: it has its own window.
      guard let space = PCIHostWindow.Space(rawValue: UInt8(kind >> 24 & 3)) else { continue }
      windows.append(
        PCIHostWindow(
          space: space, isPrefetchable: kind & 0x4000_0000 != 0, busAddress: busAddress,
          cpuAddress: try above.translate(address, byteCount: byteCount), byteCount: byteCount))
    }
    return windows
  }
}
