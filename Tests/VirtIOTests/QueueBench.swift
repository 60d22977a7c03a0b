import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO

@testable import VirtIOTestSupport

/// A live device with one queue, and the driver's queue over modern or legacy MMIO.
struct QueueBench<Provider: DMAProvider>: ~Copyable {
  typealias Bus = MMIOTransport<ScriptedMMIORegisters, DMAPool<Provider>>

  let heap: DeviceHeap
  let device: ScriptedDevice
  let memory: DMAPool<Provider>
  var transport: Bus
  var queue: Virtqueue<Bus>

  init(
    heap: DeviceHeap, memory: DMAPool<Provider>, size: UInt32, options: QueueOptions, features: FeatureSet,
    isLegacy: Bool
  ) throws {
    let device = ScriptedDevice(
      type: .console, features: features, queueSizes: [size], heap: heap, isLegacy: isLegacy)
    device.setManual(true)
    var transport = try Bus(registers: ScriptedMMIORegisters(device: device), memory: memory)
    var waiter = TestWaiter()
    let queue = try transport.bringUp(
      as: .console, features: DriverFeatures(wanted: features), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, options, features: features) }
    device.trace.isOn = false
    self.heap = heap
    self.memory = memory
    self.device = device
    self.transport = transport
    self.queue = queue
  }

  /// Submits a buffer of the bench's own memory; nil, and recorded, when it was refused.
  mutating func submit(_ byteCount: Int = 64, tag: UInt16 = 0, deviceWrites: Bool = true) throws -> Token? {
    switch queue.submit(try memory.allocate(byteCount: byteCount), deviceWrites: deviceWrites, tag: tag) {
    case .accepted(let token): return token
    case .refused(let reason, _):
      Issue.record("refused: \(reason.words)")
      return nil
    }
  }

  /// Submits a list of segments.
  mutating func submit(segments: [Int], tag: UInt16 = 0, deviceWrites: Bool = true) throws -> Token? {
    var list = SegmentList(capacity: segments.count)
    for byteCount in segments { list.append(try memory.allocate(byteCount: byteCount)) }
    switch queue.submit(list, deviceWrites: deviceWrites, tag: tag) {
    case .accepted(let token): return token
    case .refused(let reason, _):
      Issue.record("refused: \(reason.words)")
      return nil
    }
  }

  /// The tags of everything that is complete, in order; the buffers go home.
  mutating func tagsOfCompletions() -> [UInt16] {
    var tags: [UInt16] = []
    while let completion = queue.complete() { tags.append(completion.tag) }
    return tags
  }

  /// Resets the device and tells the queue.
  mutating func reset() {
    guard let reset = transport.reset(attempts: 3) else {
      Issue.record("the device did not finish its reset")
      return
    }
    queue.deviceWasReset(reset)
  }
}

extension QueueBench where Provider == HeapProvider {
  init(
    size: UInt32 = 8, _ options: QueueOptions = QueueOptions(), features: FeatureSet = [], isLegacy: Bool = false
  ) throws {
    let heap = DeviceHeap()
    try self.init(
      heap: heap, memory: TestMemory(heap: heap), size: size, options: options, features: features, isLegacy: isLegacy)
  }
}

extension QueueBench where Provider == ObservedProvider {
  init(
    observer: AccessObserver, size: UInt32 = 8, _ options: QueueOptions = QueueOptions(), features: FeatureSet = []
  ) throws {
    let heap = DeviceHeap()
    try self.init(
      heap: heap, memory: ObservedMemory(heap: heap, observer: observer), size: size, options: options,
      features: features, isLegacy: false)
  }
}

/// A bench without an observer.
typealias PlainBench = QueueBench<HeapProvider>

/// Requests with a header of 16 bytes and a status of one, as block devices have them.
func blockLike(segments: Int = 1) -> QueueOptions {
  QueueOptions(headerByteCount: 16, statusByteCount: 1, maximumSegments: segments)
}

/// The error of a body, for throwing code over noncopyable values.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch { return error }
}

/// Why a buffer was refused, and that it came back whole.
func refusal(_ submission: consuming Submission<DMABuffer>, byteCount: Int) -> SubmissionRefusal? {
  switch consume submission {
  case .accepted: return nil
  case .refused(let reason, let buffer):
    #expect(buffer.count == byteCount)
    return reason
  }
}
