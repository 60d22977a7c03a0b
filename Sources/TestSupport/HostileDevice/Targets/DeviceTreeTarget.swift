import DeviceTree
import VirtIOTestSupport

/// The reader of device trees: of bytes as they are, or of a tree that was written by them.
enum DeviceTreeTarget {
  /// The first byte chooses: 0 ... 127 a blob of the bytes that follow, else a tree that they describe.
  static func run(_ bytes: [UInt8]) -> [String] {
    guard let first = bytes.first else { return [] }
    let rest = Array(bytes.dropFirst())
    let blob = first < 128 ? rest : DeviceTreeWriter.blob(Decisions(rest))
    guard let tree = try? tree(blob) else { return [] }
    var reader = DeviceTreeReader(tree: tree, blobByteCount: blob.count)
    reader.readEverything()
    return reader.findings
  }

  static func tree(_ blob: [UInt8]) throws(DeviceTreeError) -> FlattenedDeviceTree { try FlattenedDeviceTree(blob) }
}

/// Asks everything there is to ask. Errors are answers, too.
struct DeviceTreeReader {
  let tree: FlattenedDeviceTree
  let blobByteCount: Int
  var findings: [String] = []

  init(tree: FlattenedDeviceTree, blobByteCount: Int) {
    self.tree = tree
    self.blobByteCount = blobByteCount
  }

  mutating func readEverything() {
    let nodes = tree.nodes
    if nodes.isEmpty || nodes.count > FlattenedDeviceTree.maximumNodeCount {
      findings.append("\(nodes.count) nodes")
    }
    var children = 1
    for node in nodes {
      children += node.children.count
      for child in node.children where child.parent?.path != node.path {
        findings.append("\(child.path) is no child of \(node.path)")
      }
      read(node)
    }
    if children != nodes.count { findings.append("\(children) children, \(nodes.count) nodes") }
    _ = tree.bootArguments
    _ = try? tree.memory()
    _ = try? tree.reservedMemory()
    _ = try? tree.timebaseFrequency()
    for name in ["virtio,mmio", "pci-host-ecam-generic", "a"] {
      if let devices = try? tree.devices(compatibleWith: name) {
        let addresses = devices.map(\.registers.address)
        if addresses != addresses.sorted() { findings.append("devices out of order") }
      }
    }
    if let host = try? tree.pciHost(), host.configuration.byteCount > 0, host.windows.count > blobByteCount / 12 {
      findings.append("\(host.windows.count) windows out of \(blobByteCount) bytes")
    }
  }

  /// Its path is made of names that a path can be made of, and means no other node: a blob may have several of a name.
  private func isNamed(_ node: DeviceTreeNode) -> Bool {
    guard let parent = node.parent else { return true }
    let name = Self.nameWithoutAddress(node)
    return !node.name.isEmpty && node.name.utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "/") }
      && parent.children.filter { Self.nameWithoutAddress($0) == name }.count == 1 && isNamed(parent)
  }

  /// What a path may name it by when no other node has the name.
  private static func nameWithoutAddress(_ node: DeviceTreeNode) -> Substring { node.name.prefix { $0 != "@" } }

  private mutating func read(_ node: DeviceTreeNode) {
    if isNamed(node), tree.node(atPath: node.path) == nil { findings.append("no node at \(node.path)") }
    for property in node.properties {
      if property.bytes.count > blobByteCount || property.name.utf8.count > 3 * 256 {
        findings.append("property \(property.name) of \(property.bytes.count) bytes")
      }
      if let cells = try? property.cells(), 4 * cells.count != property.bytes.count {
        findings.append("\(cells.count) cells out of \(property.bytes.count) bytes")
      }
      _ = property.text
    }
    // Each range takes at least one cell of the blob.
    if let ranges = try? node.registers(), ranges.count > blobByteCount / 4 {
      findings.append("\(ranges.count) ranges out of \(blobByteCount) bytes")
    }
    _ = (node.isEnabled, node.isDMACoherent, try? node.interruptCells(), node.isCompatible(with: "virtio,mmio"))
  }
}
