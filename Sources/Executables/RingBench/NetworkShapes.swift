import CRingBench
import DevicePlatform
import VirtIO
import VirtIONetwork

typealias BenchCard = NetworkCard<BenchTransport>

/// Runs `operations` frames through a card with all checks and EVENT_IDX on. Returns 64 for each that came back.
func runNetwork(_ shape: NetworkShape, operations: Int) throws -> UInt64 {
  var transport = BenchTransport(deviceType: .network, features: [.version1, .eventIndex, .Network.macAddress])
  if shape == .receiveMerging { transport.features.insert(.Network.mergeableBuffers) }
  let memory = transport.memory
  var options = NetworkOptions()
  options.receiveBufferCount = 0
  var waiter = PollingWaiter(clock: BenchClock())
  var card = try BenchCard(transport, options: options, waiter: &waiter)
  var pool = DMABufferStack(capacity: 32)
  for _ in 0..<32 {
    // The stub writes no frames: the header that it would write, one buffer for the frame, is there already.
    var buffer = try memory.allocate(byteCount: 2048)
    buffer[10] = 1
    pool.push(buffer)
  }
  let state = shape == .transmit ? card.pair.transmitState : card.pair.receiveState
  // The device's view of the same memory; its event is set half a round ahead: never reached.
  let used = unsafe UnsafeMutablePointer<UInt16>(bitPattern: UInt(state.areas.device.rawValue))!
  unsafe used[2 + 4 * state.size] = 0x8000
  var device = unsafe bench_device(
    available: UnsafeMutablePointer(bitPattern: UInt(state.areas.driver.rawValue))!, used: used, last: 0,
    mask: UInt16(state.size - 1), limit: .max, length: 64)
  if shape == .transmit {
    unsafe runTransmits(&card.pair, &device, operations, &pool)
    let counters = card.pair.transmitCounters
    return counters.accepted == counters.sent ? counters.sent * 64 : 0
  }
  unsafe runReceives(&card.pair, &device, operations, &pool)
  // Twelve bytes of header, the rest of 64 is the frame.
  let counters = card.pair.receiveCounters
  return counters.bytes == counters.frames * 52 ? counters.frames * 64 : 0
}

struct BenchClock: Clock {
  var now: MonotonicTime { MonotonicTime(nanoseconds: UInt64(bench_nanoseconds())) }
}

@inline(never)
func runTransmits(
  _ pair: inout NetworkQueuePair<BenchTransport>, _ device: inout bench_device, _ operations: Int,
  _ pool: inout DMABufferStack
) {
  for _ in 0..<operations / 32 {
    let taken = pair.sendBatch(
      upTo: 32,
      source: {
        guard let buffer = pool.pop() else { return nil }
        return OutgoingFrame(buffer, byteCount: 60)
      }, refused: { _, _ in fail("a frame was refused") })
    _ = unsafe bench_device_run(&device)
    let done = pair.reclaimBatch(upTo: 32) { frame in pool.push(frame.takeBuffer()) }
    if taken != 32 || done != 32 { fail("a burst was not complete") }
  }
}

@inline(never)
func runReceives(
  _ pair: inout NetworkQueuePair<BenchTransport>, _ device: inout bench_device, _ operations: Int,
  _ pool: inout DMABufferStack
) {
  for _ in 0..<operations / 32 {
    let given = pair.giveBatch(
      upTo: 32, source: { pool.pop() }, refused: { _, _ in fail("a buffer was refused") })
    _ = unsafe bench_device_run(&device)
    let frames = pair.receiveBatch(upTo: 32) { frame in pool.push(frame.takeBuffer()) }
    if given != 32 || frames != 32 { fail("a burst was not complete") }
  }
}
