/// Bytes that wait, 255 at most.
struct ByteQueue {
  private var bytes = InlineArray<256, UInt8>(repeating: 0)
  // Both wrap around by themselves; equal when there is nothing.
  private var head: UInt8 = 0
  private var tail: UInt8 = 0
  private var isOverrun = false

  static var limit: Int { 255 }

  /// Adds a byte; with no room, it is lost, and that is noted.
  mutating func push(_ byte: UInt8) {
    guard tail &+ 1 != head else {
      isOverrun = true
      return
    }
    bytes[Int(tail)] = byte
    tail &+= 1
  }

  mutating func pop() -> UInt8? {
    guard head != tail else { return nil }
    let byte = bytes[Int(head)]
    head &+= 1
    return byte
  }

  /// True when bytes were lost, and all that wait had come before: they have to be taken first.
  mutating func takeOverrun() -> Bool {
    guard isOverrun, head == tail else { return false }
    isOverrun = false
    return true
  }
}
