import DevicePlatform
import VhostUser
import VirtIO
import VirtIONetwork

/// Numbered frames of 64 bytes, sent as fast as the card takes them, and looked at when they come back.
struct FrameFlow: ~Copyable {
  private(set) var sent = 0
  private(set) var received = 0
  /// Frames that came back changed, twice, or out of turn.
  private(set) var mistakes = 0
  private var next: UInt64 = 0
  // Frames that may be sent, and buffers that came back with frames.
  private var stock: DMABufferStack
  private var pile: DMABufferStack
  static let burst = 32
  static let byteCount = 64

  init(_ memory: VhostUserMemory) throws(DMAError) {
    stock = DMABufferStack(capacity: 256)
    pile = DMABufferStack(capacity: 256)
    for _ in 0..<256 {
      var buffer = try memory.allocate(byteCount: Self.byteCount)
      for (index, byte) in Self.bytes(0).enumerated() { buffer[index] = byte }
      stock.push(buffer)
    }
  }

  /// Frame `number`: addresses, a type for experiments, the number twice, and bytes that follow from their places.
  static func bytes(_ number: UInt64) -> [UInt8] {
    var bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    bytes.replaceSubrange(0..<14, with: [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5])
    for place in [16, 56] {
      for index in 0..<8 { bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index)) }
    }
    return bytes
  }

  private static let pattern = bytes(0)

  /// Whether these bytes are the frame of the number in them, and that number is at least `next`.
  static func number(of bytes: Span<UInt8>, from next: UInt64) -> UInt64? {
    guard bytes.count == byteCount else { return nil }
    var numbers: (UInt64, UInt64) = (0, 0)
    for index in 0..<8 {
      numbers.0 |= UInt64(bytes[16 + index]) << UInt64(8 * index)
      numbers.1 |= UInt64(bytes[56 + index]) << UInt64(8 * index)
    }
    for index in 0..<56 where !(16..<24 ~= index) && bytes[index] != pattern[index] { return nil }
    return numbers.0 == numbers.1 && numbers.0 >= next ? numbers.0 : nil
  }

  private static func number(of frame: borrowing ReceivedFrame, from next: UInt64) -> UInt64? {
    number(of: Span<UInt8>(_bytes: frame.bytes()), from: next)
  }

  /// Sends so many frames and takes what comes back, until nothing has come for half a second.
  ///
  /// - Parameter patience: how long the back-end may keep frames while it takes none and sends none.
  mutating func run<T: Transport & ~Copyable, W: Waiter & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, count: Int, patience: TimeSpan = .seconds(10), waiter: inout W
  ) {
    var quietSince = waiter.now
    var lastFrame = quietSince
    while waiter.now < quietSince + .milliseconds(500), waiter.now < lastFrame + patience {
      let frames = send(&pair, upTo: min(Self.burst, count - sent)) + receive(&pair)
      if frames > 0 { lastFrame = waiter.now }
      if frames > 0 || pair.transmitsInFlight > 0 { quietSince = waiter.now }
      if pair.fault != nil { return }
    }
  }

  /// Takes what is there.
  mutating func drain<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
    while receive(&pair) > 0 {}
  }

  private mutating func send<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>, upTo limit: Int) -> Int {
    var number = UInt64(sent)
    // A part of its own each, so that the closures do not share this value.
    var stock = DMABufferStack(capacity: 0)
    swap(&stock, &self.stock)
    _ = pair.reclaimBatch(upTo: 64) { stock.push($0.takeBuffer()) }
    let taken = pair.sendBatch(
      upTo: limit,
      source: {
        guard var buffer = stock.pop() else { return nil }
        var bytes = buffer.mutableBytes
        bytes.storeBytes(of: number.littleEndian, toByteOffset: 16, as: UInt64.self)
        bytes.storeBytes(of: number.littleEndian, toByteOffset: 56, as: UInt64.self)
        number += 1
        return OutgoingFrame(buffer, byteCount: Self.byteCount)
      }, refused: { _, frame in stock.push(frame.takeBuffer()) })
    swap(&stock, &self.stock)
    sent += taken
    return taken
  }

  private mutating func receive<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) -> Int {
    var (next, mistakes) = (self.next, self.mistakes)
    var pile = DMABufferStack(capacity: 0)
    swap(&pile, &self.pile)
    let count = pair.receiveBatch(upTo: 64) { frame in
      // Every frame fits into one buffer.
      if frame.bufferCount > 1 {
        mistakes += 1
        var list = frame.takeSegments()
        while let buffer = list.popLast() { pile.push(buffer) }
        return
      }
      if let number = Self.number(of: frame, from: next) {
        next = number + 1
      } else {
        mistakes += 1
      }
      pile.push(frame.takeBuffer())
    }
    _ = pair.giveBatch(upTo: 256, source: { pile.pop() }, refused: { _, buffer in pile.push(buffer) })
    swap(&pile, &self.pile)
    (self.next, self.mistakes) = (next, mistakes)
    received += count
    return count
  }
}
