import DevicePlatform
import VirtIOTestSupport

@testable import NetworkStack

/// A wire with a peer at the other end.
final class SimulatedNetwork {
  /// What the peer answers to a frame.
  var peer: ([UInt8]) -> [[UInt8]] = { _ in [] }
  /// What becomes of a frame on its way to the host: lost, changed, sent twice.
  var deliver: ([UInt8]) -> [[UInt8]] = { [$0] }
  /// Frames that the host has not taken yet.
  var arriving: [[UInt8]] = []
  /// Frames that the host sent.
  var sent: [[UInt8]] = []
  var flushes = 0

  func send(_ frame: [UInt8]) {
    sent.append(frame)
    arriving += peer(frame).flatMap(deliver)
  }
}

/// A card on that wire. What is sent leaves with the next flush only.
struct SimulatedPort: FramePort, ~Copyable {
  let network: SimulatedNetwork
  let memory: TestMemory
  /// Where in their buffers frames come in, as behind a device's header.
  let headroom = 12
  var buffersLeft = Int.max
  /// What the card says of each frame.
  var word = ChecksumWord.none
  private var pending: [[UInt8]] = []

  init(_ network: SimulatedNetwork, _ memory: TestMemory) {
    self.network = network
    self.memory = memory
  }

  var address: EthernetAddress { EthernetAddress(rawValue: 0x5254_0012_3456) }
  var mtu: Int { 1500 }

  mutating func takeBuffer() -> DMABuffer? {
    guard buffersLeft > 0, let buffer = try? memory.allocate(byteCount: 1514) else { return nil }
    buffersLeft -= 1
    return buffer
  }

  mutating func send(_ frame: consuming Frame) {
    pending.append(Self.array(frame))
    giveBack(frame)
  }

  mutating func receive() -> Frame? {
    guard !network.arriving.isEmpty else { return nil }
    let bytes = network.arriving.removeFirst()
    guard var buffer = try? memory.allocate(byteCount: headroom + max(1, bytes.count)) else { return nil }
    for (index, byte) in bytes.enumerated() { buffer[headroom + index] = byte }
    return Frame(buffer, offset: headroom, byteCount: bytes.count, checksum: word)
  }

  mutating func giveBack(_ frame: consuming Frame) { _ = frame.takeBuffer() }

  mutating func flush() {
    if !pending.isEmpty { network.flushes += 1 }
    for frame in pending { network.send(frame) }
    pending = []
  }

  mutating func arm() -> Bool { !network.arriving.isEmpty }

  static func array(_ frame: borrowing Frame) -> [UInt8] {
    let bytes = frame.bytes
    return bytes.indices.map { bytes[$0] }
  }
}

/// A host on a simulated network, and its time.
final class Laboratory {
  let network = SimulatedNetwork()
  let memory = TestMemory(heap: DeviceHeap())
  var waiter = TestWaiter(step: .milliseconds(10), limit: 20_000)
  var host: NetworkHost<SimulatedPort>

  /// - Parameter hasAddress: the host has the address that DHCP would give it.
  init(hasAddress: Bool = true) {
    host = NetworkHost(port: SimulatedPort(network, memory), secret: (1, 2))
    if hasAddress { host.configure(Self.lease) }
  }

  static let lease = Lease(
    address: IPv4Address(10, 0, 2, 15), mask: IPv4Address(255, 255, 255, 0), router: IPv4Address(10, 0, 2, 2),
    nameServer: IPv4Address(10, 0, 2, 3), server: IPv4Address(10, 0, 2, 2), span: .seconds(86_400))

  /// Hands a frame to the host, and everything that comes of it.
  func receive(_ frame: [UInt8]) {
    network.arriving.append(frame)
    host.answer(until: waiter.now + .milliseconds(5), waiter: &waiter)
  }

  /// Every frame has become one thing, and every buffer came back.
  var isSettled: Bool {
    let addUp = host.counters.addUp
    return addUp && memory.buffersInUse == 0
  }
}
