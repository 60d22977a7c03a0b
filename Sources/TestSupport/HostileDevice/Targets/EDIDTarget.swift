import VirtIOGPU

/// The reader of EDIDs: of bytes as they are, or of blocks that have begin and checksum of one.
enum EDIDTarget {
  /// The first byte chooses: 0 ... 127 the bytes that follow, else blocks that they describe.
  static func run(_ bytes: [UInt8]) -> [String] {
    guard let first = bytes.first else { return [] }
    let rest = Array(bytes.dropFirst())
    let description = first < 128 ? rest : description(Decisions(rest))
    guard let edid = try? EDID(description) else { return [] }
    return faults(edid, byteCount: description.count)
  }

  /// One block and up to three that follow it. What was not decided is zero.
  static func description(_ decisions: Decisions) -> [UInt8] {
    let choice = decisions.byte()
    let count = Int(choice & 3)
    var bytes: [UInt8] = []
    for block in 0...count {
      var content = (0..<128).map { _ in decisions.byte() }
      if block == 0 {
        content.replaceSubrange(0..<8, with: [0, 255, 255, 255, 255, 255, 255, 0])
        if choice & 4 == 0 { content[126] = UInt8(count) }
      } else if choice & 8 == 0 {
        content[0] = 2
      }
      if choice & 0xf0 != 0xf0 {
        content[127] = 0
        content[127] = content.reduce(0) { $0 &- $1 }
      }
      bytes += content
    }
    return bytes
  }

  /// What cannot be in a description that was accepted.
  static func faults(_ edid: EDID, byteCount: Int) -> [String] {
    var faults: [String] = []
    if 128 * (1 + edid.extensionCount) > byteCount { faults.append("\(edid.extensionCount) blocks follow") }
    if edid.manufacturer.unicodeScalars.count != 3 { faults.append("a maker called \(edid.manufacturer)") }
    for text in [edid.name, edid.serialText] {
      if let text, text.unicodeScalars.count > 13 || text.unicodeScalars.contains(where: { $0.value < 0x20 }) {
        faults.append("a text of \(text.unicodeScalars.count) characters")
      }
    }
    // Four of the first block, six of each that follows.
    if edid.timings.count > 4 + 6 * edid.extensionCount { faults.append("\(edid.timings.count) timings") }
    for timing in edid.timings where timing.width < 1 || timing.height < 1 || timing.millihertz < 0 {
      faults.append("a timing of \(timing.width)x\(timing.height)")
    }
    for timing in edid.standardTimings where timing.width < 1 || timing.height < 1 {
      faults.append("a size without pixels")
    }
    return faults
  }
}
