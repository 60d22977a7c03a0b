/// What is wrong with a device tree, or with the part of it that was asked for.
public enum DeviceTreeError: Error, Equatable, Sendable {
  /// Fewer bytes than the header, or than the header says.
  case tooShort(byteCount: Int, expected: Int)
  /// The first word is not 0xd00dfeed.
  case noMagic(found: UInt32)
  /// A format that a reader of version 17 cannot read.
  case incompatibleVersion(UInt32)
  /// A block of the header lies outside the blob, or is not aligned.
  case blockOutOfRange(offset: Int, byteCount: Int)
  /// The structure block is broken at this byte of the blob: unknown token, name without end, property outside its
  /// block, nodes that do not nest.
  case malformedStructure(offset: Int)
  /// More nodes inside each other than `FlattenedDeviceTree.maximumDepth`.
  case tooDeep(offset: Int)
  /// More nodes than `FlattenedDeviceTree.maximumNodeCount`.
  case tooManyNodes
  /// No node of this path, or none with this `compatible`.
  case noNode(String)
  /// The node has no such property.
  case noProperty(node: String, property: String)
  /// The property's length or values are not what the property's format asks for.
  case malformedProperty(node: String, property: String)
  /// `#address-cells` or `#size-cells` that nobody can decode: above 2 (3 for PCI addresses).
  case unsupportedCells(node: String, count: UInt32)
  /// A bus on the way to the root does not pass this address on.
  case notTranslatable(node: String, address: UInt64)
}

extension DeviceTreeError {
  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .tooShort(let byteCount, let expected): "device tree of \(byteCount) bytes, expected \(expected)"
    case .noMagic(let found): "no device tree: magic value \(hex(UInt64(found))), expected 0xd00dfeed"
    case .incompatibleVersion(let version): "device tree compatible with version \(version), expected at most 17"
    case .blockOutOfRange(let offset, let byteCount):
      "device tree: a block of \(byteCount) bytes at \(offset) lies outside the blob or is not aligned"
    case .malformedStructure(let offset): "device tree: malformed structure at byte \(offset)"
    case .tooDeep(let offset):
      "device tree: nodes deeper than \(FlattenedDeviceTree.maximumDepth) at byte \(offset)"
    case .tooManyNodes: "device tree: more than \(FlattenedDeviceTree.maximumNodeCount) nodes"
    case .noNode(let name): "device tree: no node \(name)"
    case .noProperty(let node, let property): "device tree: \(node) has no \(property)"
    case .malformedProperty(let node, let property): "device tree: malformed \(property) of \(node)"
    case .unsupportedCells(let node, let count): "device tree: \(node) counts in \(count) cells, expected at most 2"
    case .notTranslatable(let node, let address):
      "device tree: \(node) does not pass on address \(hex(address))"
    }
  }
}

/// A number as `0x1f`.
func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
