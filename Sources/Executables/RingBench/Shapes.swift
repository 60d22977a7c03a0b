import CRingBench
import DevicePlatform
import VirtIO

/// The three shapes of work, the same for every ring.
enum Shape: Int, CaseIterable {
  /// One request at a time.
  case single
  /// Batches of 32.
  case batch
  /// Batches of 32 requests of three descriptors: header, data, status.
  case chains

  var name: String {
    switch self {
    case .single: "one at a time"
    case .batch: "batch of 32"
    case .chains: "batch of 32 chains of 3"
    }
  }
}

/// What a network card's data path is measured by: frames in bursts of 32, with the buffers' way from and to the caller.
enum NetworkShape: Int, CaseIterable {
  case transmit
  case receive
  /// The same, where a frame may fill several buffers; none does.
  case receiveMerging

  var name: String {
    switch self {
    case .transmit: "network transmit, bursts of 32"
    case .receive: "network receive, bursts of 32"
    case .receiveMerging: "network receive, mergeable, bursts of 32"
    }
  }
}

func fail(_ words: StaticString) -> Never { fatalError("\(words)") }

/// Runs `operations` requests through a `Virtqueue` with all checks and EVENT_IDX on. Returns the sum of used lengths.
func runVirtqueue(_ shape: Shape, operations: Int) throws -> UInt64 {
  var transport = BenchTransport()
  let options =
    shape == .chains ? QueueOptions(headerByteCount: 16, statusByteCount: 1) : QueueOptions()
  var queue = try transport.makeQueue(0, options, features: [.version1, .eventIndex])
  var pool = DMABufferStack(capacity: 32)
  for _ in 0..<32 { pool.push(try transport.memory.allocate(byteCount: 64)) }
  let areas = queue.areas
  // The device's view of the same memory; its event is set half a round ahead: never reached.
  let used = unsafe UnsafeMutablePointer<UInt16>(bitPattern: UInt(areas.device.rawValue))!
  unsafe used[2 + 4 * queue.size] = 0x8000
  var device = unsafe bench_device(
    available: UnsafeMutablePointer(bitPattern: UInt(areas.driver.rawValue))!, used: used, last: 0, mask: 255,
    limit: .max, length: 64)
  let sum: UInt64
  switch shape {
  case .single:
    guard let buffer = pool.pop() else { fail("no buffer") }
    sum = unsafe runSingle(&queue, &device, operations, buffer)
  case .batch, .chains: sum = unsafe runBatches(&queue, &device, operations, &pool)
  }
  // There is no device; its status reads 0.
  if let reset = transport.reset(attempts: 1) { queue.deviceWasReset(reset) }
  return sum
}

@inline(never)
func runSingle(
  _ queue: inout Virtqueue<BenchTransport>, _ device: inout bench_device, _ operations: Int,
  _ first: consuming DMABuffer
) -> UInt64 {
  var sum: UInt64 = 0
  var buffer = first
  for _ in 0..<operations {
    switch queue.submit(buffer, deviceWrites: true) {
    case .accepted: break
    case .refused: fail("a request was refused")
    }
    queue.publish()
    _ = unsafe bench_device_run(&device)
    guard let completion = queue.complete() else { fail("a request did not complete") }
    sum &+= UInt64(completion.written)
    buffer = completion.takeBuffer()
  }
  _ = consume buffer
  return sum
}

@inline(never)
func runBatches(
  _ queue: inout Virtqueue<BenchTransport>, _ device: inout bench_device, _ operations: Int,
  _ pool: inout DMABufferStack
) -> UInt64 {
  var sum: UInt64 = 0
  for _ in 0..<operations / 32 {
    let taken = queue.submitBatch(
      upTo: 32, deviceWrites: true, source: { _ in pool.pop() }, refused: { _, _ in fail("a request was refused") })
    _ = unsafe bench_device_run(&device)
    let done = queue.completeBatch(upTo: 32) { completion in
      sum &+= UInt64(completion.written)
      pool.push(completion.takeBuffer())
    }
    if taken != 32 || done != 32 { fail("a batch was not complete") }
  }
  return sum
}
