import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtIONetwork
import VirtIOTestSupport

typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>
typealias Bit = NetworkModel.Bit

/// A scripted network device, its memory, and the driver over MMIO.
struct Wire {
  let heap = DeviceHeap()
  let memory: TestMemory
  let model: NetworkModel
  var device: ScriptedDevice { model.device }

  init(
    features: FeatureSet = Bit.all, queueSize: UInt32 = 16, pairs: Int = 1, mtu: UInt16 = 1500, isLegacy: Bool = false
  ) {
    memory = TestMemory(heap: heap)
    model = NetworkModel(
      features: features, queueSize: queueSize, pairs: pairs, mtu: mtu, heap: heap, isLegacy: isLegacy)
  }

  func bringUp(_ options: NetworkOptions = NetworkOptions()) throws -> NetworkCard<Bus> {
    var waiter = TestWaiter(step: .milliseconds(100))
    let card = try NetworkCard(
      try Bus(registers: ScriptedMMIORegisters(device: device), memory: memory), options: options, waiter: &waiter)
    if device.acceptedFeatures.contains(Bit.control) { model.serveControl() }
    return card
  }

  /// The error of a bring-up; nil when it succeeds.
  func bringUpError(_ options: NetworkOptions = NetworkOptions()) -> BringupError? {
    do {
      _ = try bringUp(options)
      return nil
    } catch { return error as? BringupError }
  }

  /// Changes two bytes of the configuration.
  func configure(at offset: Int, _ value: UInt16) {
    device.changeConfiguration(at: offset, to: [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)])
  }

  /// A frame in a buffer of its own.
  func frame(_ bytes: [UInt8], from offset: Int = 0, partial: PartialChecksum? = nil) throws -> OutgoingFrame {
    var buffer = try memory.allocate(byteCount: max(1, offset + bytes.count))
    for (index, byte) in bytes.enumerated() { buffer[offset + index] = byte }
    if let partial { return OutgoingFrame(buffer, from: offset, byteCount: bytes.count, partial: partial) }
    return OutgoingFrame(buffer, from: offset, byteCount: bytes.count)
  }
}

/// A frame of so many bytes that differs from others.
func frameBytes(_ count: Int, seed: Int = 1) -> [UInt8] {
  var generator = SplitMix64(seed: UInt64(seed))
  var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  // Neither a VLAN tag nor multicast.
  if count > 0 { bytes[0] = 0x52 }
  if count > 13 { bytes[12..<14] = [0x08, 0x00] }
  return bytes
}

/// Why a frame was refused; nil when it was taken.
func refusal(_ submission: consuming FrameSubmission<OutgoingFrame>) -> FrameRefusal? {
  switch consume submission {
  case .accepted: nil
  case .refused(let reason, _): reason
  }
}

/// Why a list was refused; nil when it was taken.
func refusal(_ submission: consuming FrameSubmission<SegmentList>) -> FrameRefusal? {
  switch consume submission {
  case .accepted: nil
  case .refused(let reason, _): reason
  }
}

/// Why a buffer was refused; nil when it was taken.
func refusal(_ submission: consuming FrameSubmission<DMABuffer>) -> FrameRefusal? {
  switch consume submission {
  case .accepted: nil
  case .refused(let reason, _): reason
  }
}

/// The error of a body, for throwing code over noncopyable values.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch { return error }
}

/// Frames and buffers are where the counters say.
func expectBalance(_ pair: borrowing NetworkQueuePair<Bus>) {
  let receive = pair.receiveCounters
  let gone = receive.buffersDelivered + receive.buffersDropped + receive.buffersReturned
  #expect(receive.buffersGiven == gone + UInt64(pair.buffersInFlight))
  let transmit = pair.transmitCounters
  #expect(transmit.accepted == transmit.sent + transmit.returned + UInt64(pair.transmitsInFlight))
}

/// Whether there is nothing; noncopyable values cannot be compared inside `#expect`.
func isNone<Value: ~Copyable>(_ value: consuming Value?) -> Bool {
  switch consume value {
  case .none: true
  case .some: false
  }
}
