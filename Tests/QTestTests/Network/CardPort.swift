import DevicePlatform
import NetworkStack
import VirtIO
import VirtIONetwork

/// A network card as the example stack sees it. Buffers go round between the card's two queues and a small stock.
struct CardPort<T: Transport & ~Copyable, Memory: DMAMemory>: FramePort, ~Copyable {
  private(set) var card: NetworkCard<T>
  private let memory: Memory
  private var stock = DMABufferStack(capacity: 512)
  /// How many buffers the device had to fill at first, and is to have.
  private let target: Int
  /// Frames that the driver did not take.
  private(set) var refused = 0
  /// Frames that came in several buffers, which the stack does not take.
  private(set) var scattered = 0

  init(_ card: consuming NetworkCard<T>, memory: Memory) {
    target = card.pair.buffersInFlight
    self.card = card
    self.memory = memory
  }

  var address: EthernetAddress { EthernetAddress(rawValue: card.address.rawValue) }
  var mtu: Int { card.mtu }

  mutating func takeBuffer() -> DMABuffer? {
    reclaim()
    if let buffer = stock.pop() { return buffer }
    // Large enough to be filled by the device, too.
    return try? memory.allocate(byteCount: card.layout.fullBufferByteCount)
  }

  mutating func send(_ frame: consuming Frame) {
    let (offset, byteCount) = (frame.offset, frame.byteCount)
    switch card.pair.send(OutgoingFrame(frame.takeBuffer(), from: offset, byteCount: byteCount)) {
    case .accepted: break
    case .refused(_, let frame):
      refused += 1
      keep(frame.takeBuffer())
    }
  }

  mutating func receive() -> Frame? {
    while let frame = card.pair.receive() {
      if frame.bufferCount > 1 {
        scattered += 1
        card.pair.recycle(frame)
        continue
      }
      var checksum = frame.isChecksumVerified ? ChecksumWord.verified : .none
      if let partial = frame.partialChecksum {
        checksum = .unfinished(start: Int(partial.start), offset: Int(partial.offset))
      }
      let (offset, byteCount) = (frame.offset, frame.byteCount)
      return Frame(frame.takeBuffer(), offset: offset, byteCount: byteCount, checksum: checksum)
    }
    return nil
  }

  mutating func giveBack(_ frame: consuming Frame) { keep(frame.takeBuffer()) }

  mutating func flush() {
    reclaim()
    card.pair.publish()
  }

  mutating func arm() -> Bool { card.pair.armReceive() }

  private mutating func reclaim() {
    while let frame = card.pair.reclaim() { keep(frame.takeBuffer()) }
  }

  /// To the device, as long as it has fewer buffers than at first.
  private mutating func keep(_ buffer: consuming DMABuffer) {
    if card.pair.buffersInFlight >= target {
      if stock.count < stock.capacity { stock.push(buffer) }
      return
    }
    if case .refused(_, let buffer) = card.pair.give(buffer) { stock.push(buffer) }
  }
}
