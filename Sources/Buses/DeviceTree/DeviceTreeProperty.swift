/// One property of a node: a name and some bytes, which mean what the property's format says.
public struct DeviceTreeProperty: Sendable {
  let node: DeviceTreeNode
  let nameRange: Range<Int>
  let valueRange: Range<Int>

  /// The property's name.
  public var name: String { String(decoding: node.tree.bytes[nameRange], as: UTF8.self) }

  /// The value as it is.
  public var bytes: ArraySlice<UInt8> { node.tree.bytes[valueRange] }

  /// The value as big-endian 32-bit cells.
  public func cells() throws(DeviceTreeError) -> [UInt32] {
    guard valueRange.count & 3 == 0 else { throw malformed }
    var cells: [UInt32] = []
    cells.reserveCapacity(valueRange.count / 4)
    var offset = valueRange.lowerBound
    while offset < valueRange.upperBound, let cell = node.tree.word(at: offset) {
      cells.append(cell)
      offset += 4
    }
    return cells
  }

  /// The value up to its first zero byte, as text; what is not UTF-8 is replaced.
  public var text: String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

  /// True if the value up to its first zero byte is `text`.
  func matches(_ text: String) -> Bool { bytes.prefix { $0 != 0 }.elementsEqual(text.utf8) }

  func isCalled(_ name: String) -> Bool { node.tree.bytes[nameRange].elementsEqual(name.utf8) }

  /// The error that says that this property's value is not what it should be.
  var malformed: DeviceTreeError { .malformedProperty(node: node.path, property: name) }
}
