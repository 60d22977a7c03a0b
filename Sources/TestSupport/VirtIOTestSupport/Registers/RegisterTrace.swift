import Synchronization

/// A record of register accesses, in order.
public final class RegisterTrace: Sendable {
  /// One access.
  public struct Entry: Equatable, Sendable {
    /// A prefix for spaces other than the device's own registers, such as "config "; often empty.
    public var space: String
    /// Read or write.
    public var isLoad: Bool
    /// Bits: 8, 16 or 32.
    public var width: Int
    /// Bytes from the start of the window.
    public var offset: Int
    /// What was read or written.
    public var value: UInt32

    /// `load32 0x070 -> 0x0`, or `store32 0x050 <- 0x1`.
    public var words: String {
      let digits = String(offset, radix: 16)
      let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
      return "\(space)\(isLoad ? "load" : "store")\(width) 0x\(padded) \(isLoad ? "->" : "<-") \(hex(value))"
    }
  }

  private let state = Mutex<(isOn: Bool, entries: [Entry])>((true, []))

  /// An empty record, switched on.
  public init() {}

  /// Whether accesses are recorded. Off for long runs.
  public var isOn: Bool {
    get { state.withLock { $0.isOn } }
    set { state.withLock { $0.isOn = newValue } }
  }

  /// What was recorded.
  public var entries: [Entry] { state.withLock { $0.entries } }

  /// What was recorded, one access a line, for golden tests.
  public var text: String { entries.map(\.words).joined(separator: "\n") }

  /// Starts again.
  public func clear() { state.withLock { $0.entries = [] } }

  func add(_ entry: Entry) { state.withLock { if $0.isOn { $0.entries.append(entry) } } }

  func load(_ width: Int, _ offset: Int, space: String = "", _ read: () -> UInt32) -> UInt32 {
    let value = read()
    add(Entry(space: space, isLoad: true, width: width, offset: offset, value: value))
    return value
  }

  func store(_ width: Int, _ offset: Int, _ value: UInt32, space: String = "") {
    add(Entry(space: space, isLoad: false, width: width, offset: offset, value: value))
  }
}
