/// One node of a device tree.
public struct DeviceTreeNode: Sendable {
  /// The tree that the node is part of.
  public let tree: FlattenedDeviceTree
  let index: Int

  private var record: NodeRecord { tree.records[index] }

  /// The name with its unit address, as `serial@10000000`; empty for the root.
  public var name: String { String(decoding: tree.bytes[record.name], as: UTF8.self) }

  /// The full path, as `/soc/serial@10000000`.
  public var path: String {
    guard let parent else { return "/" }
    return parent.parent == nil ? "/" + name : parent.path + "/" + name
  }

  /// The node that this one lies in; nil for the root.
  public var parent: DeviceTreeNode? {
    record.parent < 0 ? nil : DeviceTreeNode(tree: tree, index: record.parent)
  }

  /// The nodes that lie directly in this one, in the blob's order.
  public var children: [DeviceTreeNode] {
    var children: [DeviceTreeNode] = []
    var next = index + 1
    // A parent stands before its children and what follows the last of them has a parent further up.
    while next < tree.records.count, tree.records[next].parent >= index {
      if tree.records[next].parent == index { children.append(DeviceTreeNode(tree: tree, index: next)) }
      next += 1
    }
    return children
  }

  /// The node's properties, in the blob's order.
  public var properties: [DeviceTreeProperty] {
    var properties: [DeviceTreeProperty] = []
    var offset = record.properties
    while let token = tree.word(at: offset) {
      switch FDTToken(rawValue: token) {
      case .nop: offset += 4
      case .property:
        guard let raw = tree.rawProperty(at: offset + 4) else { return properties }
        properties.append(DeviceTreeProperty(node: self, nameRange: raw.name, valueRange: raw.value))
        offset = raw.next
      default: return properties
      }
    }
    return properties
  }

  /// The property of this name; nil if the node has none.
  public func property(_ name: String) -> DeviceTreeProperty? { properties.first { $0.isCalled(name) } }

  /// True unless a `status` says otherwise: the device may be used.
  public var isEnabled: Bool {
    guard let status = property("status") else { return true }
    return status.matches("okay") || status.matches("ok")
  }

  /// True if the node's `compatible` lists `name`.
  public func isCompatible(with name: String) -> Bool {
    guard let compatible = property("compatible") else { return false }
    return compatible.bytes.split(separator: 0).contains { $0.elementsEqual(name.utf8) }
  }

  /// True if the device's memory accesses are coherent with the CPU's caches, by this node's word or by that of the
  /// nearest node above it that says anything.
  public var isDMACoherent: Bool {
    var node: DeviceTreeNode? = self
    while let current = node {
      if current.property("dma-coherent") != nil { return true }
      if current.property("dma-noncoherent") != nil { return false }
      node = current.parent
    }
    return false
  }

  /// The raw cells of `interrupts`; how many belong to one interrupt is the interrupt controller's business. Empty if
  /// there are none.
  public func interruptCells() throws(DeviceTreeError) -> [UInt32] {
    guard let interrupts = property("interrupts") else { return [] }
    return try interrupts.cells()
  }

  /// The one cell of a property; nil if the node has no such property.
  public func cell(_ name: String) throws(DeviceTreeError) -> UInt32? {
    guard let property = property(name) else { return nil }
    let cells = try property.cells()
    guard cells.count == 1 else { throw property.malformed }
    return cells[0]
  }

  /// True if the node has this name, with or without its unit address.
  func isCalled(_ component: Substring.UTF8View) -> Bool {
    let name = tree.bytes[record.name]
    return name.elementsEqual(component) || name.prefix { $0 != UInt8(ascii: "@") }.elementsEqual(component)
  }
}
