/// The MSI-X side of a scripted function: its table, and which vector each event has.
public struct ScriptedMessages: Sendable {
  /// Entries of the table.
  public let count: Int
  /// An event without a vector. The VirtIO constant is `VIRTIO_MSI_NO_VECTOR`.
  public static let noVector: UInt16 = 0xffff
  /// The configuration's vector.
  public internal(set) var configurationVector = noVector
  /// The vector of each queue that has one, by number.
  public internal(set) var queueVectors: [UInt32: UInt16] = [:]
  /// Hostile: the device has no room for this vector.
  public var refusedVector: UInt16?
  /// The table's words, as far as it lies in the window.
  public internal(set) var words: [UInt32]

  /// The most entries that have room in the window; a longer table's rest is not there.
  static let largestWindow = 64
}

extension ScriptedPCIFunction {
  /// Gives the function an MSI-X capability with a table of `count` entries, 1 ... 2048, in BAR 4.
  public func addMessages(count: Int) {
    precondition(1...2048 ~= count, "an MSI-X table has 1 to 2048 entries")
    messages = ScriptedMessages(
      count: count, words: Array(repeating: 0, count: 4 * min(count, ScriptedMessages.largestWindow)))
    put(UInt32(Capability.messages), 1, at: Capability.access + 1)
    put(0x11, 1, at: Capability.messages)
    put(UInt32(count - 1), 2, at: Capability.messages + 2)
    put(UInt32(Window.messages) | 4, 4, at: Capability.messages + 4)
    put(UInt32(Window.messages) | 4, 4, at: Capability.messages + 8)
  }

  /// Hostile: the device finds no room for `vector`.
  public func refuse(vector: UInt16) { messages?.refusedVector = vector }

  /// Whether message-signalled interrupts are on.
  public var isMessageEnabled: Bool { messages != nil && space[Capability.messages + 3] & 0x80 != 0 }

  var messageTableByteCount: Int { 4 * (messages?.words.count ?? 0) }

  func loadMessage(_ offset: Int, byteCount: Int) -> UInt32 {
    if byteCount != 4 { device.record("MSI-X table read by \(byteCount) bytes, expected 4") }
    return messages?.words[offset / 4] ?? 0
  }

  func storeMessage(_ offset: Int, byteCount: Int, _ value: UInt32) {
    if byteCount != 4 { device.record("MSI-X table written by \(byteCount) bytes, expected 4") }
    messages?.words[offset / 4] = value
  }

  /// What a vector register holds after a write. Without MSI-X a write has no effect, and reads say so.
  func vector(_ value: UInt32) -> UInt16 {
    let vector = UInt16(truncatingIfNeeded: value)
    guard isMessageEnabled, let messages else {
      device.record("vector \(vector) written while MSI-X is off")
      return ScriptedMessages.noVector
    }
    if vector == ScriptedMessages.noVector { return vector }
    if Int(vector) >= messages.count { device.record("vector \(vector) of a table of \(messages.count)") }
    return Int(vector) >= messages.count || vector == messages.refusedVector ? ScriptedMessages.noVector : vector
  }
}
