// A serial line's text, taken apart as it arrives.

/// Removes carriage returns and cuts the stream into lines.
public struct SerialText: Sendable {
  /// The lines that have ended, without their ends.
  public private(set) var lines: [String] = []
  private var pending: [UInt8] = []

  /// Nothing yet.
  public init() {}

  /// Takes what has arrived.
  ///
  /// - Returns: the bytes to pass on, without carriage returns.
  @discardableResult
  public mutating func receive(_ bytes: some Sequence<UInt8>) -> [UInt8] {
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

  /// Whether the line that has not ended is exactly this: a prompt, and nothing after it.
  public func isAt(prompt: String) -> Bool { pending.elementsEqual(prompt.utf8) }

  /// All lines, the last also if it has not ended.
  public var allLines: [String] { pending.isEmpty ? lines : lines + [String(decoding: pending, as: UTF8.self)] }
}
