/// A flattened device tree (DTB, version 17), checked and indexed.
///
/// The blob is copied once and walked once: after that every node and every property is known to lie inside it. Reading
/// is for boot: it allocates small arrays and strings. What a node *means* (memory, buses, registers) is in the
/// extensions; a blob that is malformed in one node does not spoil the others.
///
/// Format: Devicetree Specification 0.4, chapter 5.
public struct FlattenedDeviceTree: Sendable {
  /// How many nodes may lie inside each other, the root included.
  public static let maximumDepth = 32
  /// How many nodes a tree may have.
  public static let maximumNodeCount = 16_384

  /// The blob up to the end of its last block: padding behind it is not kept.
  let bytes: [UInt8]
  let reservationsStart: Int
  let strings: Range<Int>
  /// In the blob's order: a parent stands before its children. Number 0 is the root.
  var records: [NodeRecord] = []

  /// Reads a blob; what follows its `totalsize` is ignored.
  public init(_ blob: [UInt8]) throws(DeviceTreeError) { try self.init(copying: blob.span) }

  /// Reads a blob that somebody else owns, and copies it.
  public init(copying blob: borrowing Span<UInt8>) throws(DeviceTreeError) {
    let header = try FDTHeader(blob)
    var copy: [UInt8] = []
    copy.reserveCapacity(header.usedByteCount)
    for offset in 0..<header.usedByteCount { copy.append(blob[offset]) }
    bytes = copy
    reservationsStart = header.reservationsStart
    strings = header.strings
    try index(header.structure)
  }

  /// The root node, `/`.
  public var root: DeviceTreeNode { DeviceTreeNode(tree: self, index: 0) }

  /// Every node, the root first, a parent before its children.
  public var nodes: [DeviceTreeNode] { records.indices.map { DeviceTreeNode(tree: self, index: $0) } }

  /// The node of a full path, as `/soc/serial@10000000`; nil if there is none. Unit addresses may be left out where
  /// that is unambiguous: the first match wins.
  public func node(atPath path: String) -> DeviceTreeNode? {
    var node = root
    for component in path.utf8.split(separator: UInt8(ascii: "/")) {
      guard let child = node.children.first(where: { $0.isCalled(component) }) else { return nil }
      node = child
    }
    return node
  }

  /// Every node that lists `name` in its `compatible`, in the blob's order, disabled ones included.
  public func nodes(compatibleWith name: String) -> [DeviceTreeNode] {
    nodes.filter { $0.isCompatible(with: name) }
  }
}

/// Where a node is in the blob.
struct NodeRecord {
  /// The name without its terminator.
  var name: Range<Int>
  /// The parent's number; the root's is -1.
  var parent: Int
  /// The first token behind the name: the node's properties stand here, before its children.
  var properties: Int
}

extension FlattenedDeviceTree {
  /// A big-endian word of the blob; nil outside it.
  func word(at offset: Int) -> UInt32? {
    guard offset >= 0, offset <= bytes.count - 4 else { return nil }
    return UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16 | UInt32(bytes[offset + 2]) << 8
      | UInt32(bytes[offset + 3])
  }

  /// The bytes from `start` up to the next zero byte before `end`; nil if there is none.
  func terminated(from start: Int, before end: Int) -> Range<Int>? {
    guard start >= 0, end <= bytes.count else { return nil }
    var offset = start
    while offset < end {
      if bytes[offset] == 0 { return start..<offset }
      offset += 1
    }
    return nil
  }

  /// Walks the structure block once: checks it, and notes where every node is.
  private mutating func index(_ structure: Range<Int>) throws(DeviceTreeError) {
    var path: [Int] = []
    var offset = structure.lowerBound
    var mayHaveProperties = false
    while true {
      let at = offset
      guard at <= structure.upperBound - 4, let token = word(at: at) else { throw .malformedStructure(offset: at) }
      offset += 4
      switch FDTToken(rawValue: token) {
      case .beginNode:
        guard path.count < Self.maximumDepth else { throw .tooDeep(offset: at) }
        guard records.count < Self.maximumNodeCount else { throw .tooManyNodes }
        guard let name = terminated(from: offset, before: structure.upperBound), !path.isEmpty || records.isEmpty
        else { throw .malformedStructure(offset: at) }
        offset = aligned(name.upperBound + 1)
        records.append(NodeRecord(name: name, parent: path.last ?? -1, properties: offset))
        path.append(records.count - 1)
        mayHaveProperties = true
      case .endNode:
        guard path.popLast() != nil else { throw .malformedStructure(offset: at) }
        mayHaveProperties = false
      case .property:
        guard mayHaveProperties, let property = rawProperty(at: offset), property.next <= structure.upperBound
        else { throw .malformedStructure(offset: at) }
        offset = property.next
      case .nop: break
      case .end:
        guard path.isEmpty, !records.isEmpty else { throw .malformedStructure(offset: at) }
        return
      case nil: throw .malformedStructure(offset: at)
      }
    }
  }

  /// The property whose length word is at `offset`; nil if it does not fit.
  func rawProperty(at offset: Int) -> (name: Range<Int>, value: Range<Int>, next: Int)? {
    guard let length = word(at: offset), let nameOffset = word(at: offset + 4) else { return nil }
    let start = offset + 8
    guard Int(length) <= bytes.count - start else { return nil }
    // Names are at most 31 characters by the book; a bound keeps a broken strings block from being read over and over.
    let nameStart = strings.lowerBound + Int(nameOffset)
    guard let name = terminated(from: nameStart, before: min(strings.upperBound, nameStart + 256)) else { return nil }
    let end = start + Int(length)
    return (name, start..<end, aligned(end))
  }

  /// The next multiple of 4, counted from the blob's start: its blocks are aligned to 4 as well.
  private func aligned(_ offset: Int) -> Int { (offset + 3) & ~3 }
}
