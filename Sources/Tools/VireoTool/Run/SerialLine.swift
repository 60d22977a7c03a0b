// The guest's serial line, taken apart as it arrives.

/// Removes carriage returns and cuts the stream into lines.
struct SerialLine {
  static let prompt = "vireo> "

  private(set) var lines: [String] = []
  private var pending: [UInt8] = []

  /// Takes what has arrived.
  ///
  /// - Returns: the bytes to pass on, without carriage returns.
  mutating func receive(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    let kept = bytes.filter { $0 != UInt8(ascii: "\r") }
    for byte in kept {
      if byte == UInt8(ascii: "\n") {
        lines.append(String(decoding: pending, as: UTF8.self))
        pending.removeAll(keepingCapacity: true)
      } else {
        pending.append(byte)
      }
    }
    return kept
  }

  /// Whether the shell waits for a line: its prompt is there and nothing after it.
  var isAtPrompt: Bool { pending.elementsEqual(SerialLine.prompt.utf8) }

  /// All lines, the last also if the guest did not end it.
  var allLines: [String] { pending.isEmpty ? lines : lines + [String(decoding: pending, as: UTF8.self)] }
}
