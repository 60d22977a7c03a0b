/// Which buffers are out, each known by a size of its own: every one comes back exactly once.
public struct BufferAccount {
  private var out: Set<Int> = []
  private var last = 0
  /// What was wrong.
  public private(set) var findings: [String] = []

  /// No buffer is out.
  public init() {}

  /// How many are out.
  public var count: Int { out.count }

  /// A number that no buffer had before.
  public mutating func nextNumber() -> Int {
    last += 1
    return last
  }

  /// A buffer was accepted.
  public mutating func goes(_ number: Int) { out.insert(number) }

  /// A buffer came back.
  public mutating func comes(_ number: Int) {
    if out.remove(number) == nil { findings.append("buffer \(number) came back, and was not out") }
  }

  /// At the end none is out.
  public mutating func close() {
    if !out.isEmpty { findings.append("\(out.count) buffers never came back") }
  }
}
