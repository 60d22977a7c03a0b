import DevicePlatform
import VhostUser
import VirtIO
import VirtIONetwork

/// The network driver at full speed in one direction: bursts of 32 frames of 64 bytes, looking without end.
enum NetworkClient {
  private static let burst = 32
  private static let byteCount = 64
  /// Both ends, and a type for experiments.
  private static let addresses: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5]
  /// Rounds between two looks at what is wrong.
  private static let rounds = 1024

  /// Runs until somebody ends the process; who looks at it from outside counts frames and processor time.
  static func run(_ direction: Direction, _ socket: String) throws -> Never {
    var options = VhostUserOptions()
    options.interrupts = .ignored
    options.memoryByteCount = 16 << 20
    let device = try VhostUserDevice(path: socket, type: .network, options: options)
    var waiter = device.makeWaiter()
    var wishes = NetworkOptions()
    wishes.fallbackAddress = MACAddress(2, 0, 0, 0, 0, 1)
    wishes.features.subtract(.Network.mergeableBuffers)
    var card = try NetworkCard(device.makeTransport(), options: wishes, waiter: &waiter)
    var stock = DMABufferStack(capacity: 512)
    if direction == .transmit {
      for _ in 0..<256 {
        var buffer = try device.memory.allocate(byteCount: byteCount)
        for (index, byte) in addresses.enumerated() { buffer[index] = byte }
        stock.push(buffer)
      }
    }
    while true {
      for _ in 0..<rounds {
        if direction == .transmit { transmit(&card.pair, &stock) } else { receive(&card.pair, &stock) }
      }
      if card.pair.fault != nil { throw BenchFailure(description: "the device broke the rules") }
      let drops = card.pair.receiveCounters.drops
      guard drops.total == 0 else { throw BenchFailure(description: "frames were dropped: \(drops)") }
    }
  }

  @inline(never)
  private static func transmit<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, _ stock: inout DMABufferStack
  ) {
    _ = pair.reclaimBatch(upTo: burst) { stock.push($0.takeBuffer()) }
    _ = pair.sendBatch(
      upTo: burst,
      source: {
        guard let buffer = stock.pop() else { return nil }
        return OutgoingFrame(buffer, byteCount: byteCount)
      }, refused: { _, frame in stock.push(frame.takeBuffer()) })
  }

  @inline(never)
  private static func receive<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, _ stock: inout DMABufferStack
  ) {
    if pair.receiveBatch(upTo: burst, { stock.push($0.takeBuffer()) }) == 0 { return }
    _ = pair.giveBatch(upTo: 2 * burst, source: { stock.pop() }, refused: { _, buffer in stock.push(buffer) })
  }
}
