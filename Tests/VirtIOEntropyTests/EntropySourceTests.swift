import DevicePlatform
import Testing
import VirtIO
import VirtIOEntropy
import VirtIOMMIO
import VirtIOTestSupport

/// An entropy source over MMIO, modern and legacy.
struct EntropySourceTests {
  typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>

  /// A scripted source and its memory.
  struct Bench {
    let heap = DeviceHeap()
    let memory: TestMemory
    let model: EntropyModel
    let device: ScriptedDevice

    init(seed: UInt64 = 1, features: FeatureSet = [.indirectDescriptors, .eventIndex], isLegacy: Bool = false) {
      memory = TestMemory(heap: heap)
      model = EntropyModel(seed: seed)
      device = model.makeDevice(features: features, heap: heap, isLegacy: isLegacy)
      device.trace.isOn = false
    }

    func bringUp(chunk: Int = 100) throws -> EntropySource<Bus> {
      var options = EntropyOptions()
      options.chunkByteCount = chunk
      var waiter = TestWaiter()
      return try EntropySource(
        try Bus(registers: ScriptedMMIORegisters(device: device), memory: memory), options: options, waiter: &waiter)
    }
  }

  private func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
    do throws(Failure) {
      try body()
      return nil
    } catch { return error }
  }

  // SPEC: drivernormative:Device Types / Entropy Device / Device Operation 1
  @Test(arguments: [0, 1, 99, 100, 101, 1_050], [false, true])
  func fill_anyLength_givesTheSourcesBytesInAsFewRequestsAsItTakes(byteCount: Int, isLegacy: Bool) throws {
    let bench = Bench(isLegacy: isLegacy)
    do {
      var source = try bench.bringUp()
      var waiter = TestWaiter(limit: 0)
      let bytes = try source.bytes(byteCount, waiter: &waiter)
      #expect(bytes.count == byteCount)
      #expect(bytes == bench.model.given)
      #expect(bench.device.notifications.count == (byteCount + 99) / 100)
    }
    #expect(bench.device.violations == [])
    #expect(bench.memory.buffersInUse == 0)
    #expect(bench.device.status == [])
  }

  // SPEC: drivernormative:Device Types / Entropy Device / Device Operation 2
  // SPEC: drivernormative:... / The Virtqueue Used Ring 1
  @Test(arguments: [1, 7, 99])
  func fill_shortAnswers_goesOnUntilItHasAll(limit: Int) throws {
    let bench = Bench()
    bench.model.limit = limit
    var source = try bench.bringUp()
    var waiter = TestWaiter(limit: 0)
    let bytes = try source.bytes(250, waiter: &waiter)
    #expect(bytes == bench.model.given)
    #expect(bytes.count == 250)
    #expect(bench.device.violations == [])
  }

  // SPEC: drivernormative:Device Types / Entropy Device / Device Operation 2
  @Test func fill_answerWithoutBytes_isAnError() throws {
    let bench = Bench()
    bench.model.limit = 0
    var source = try bench.bringUp()
    var waiter = TestWaiter(limit: 0)
    let error = failure { () throws(EntropyError) in _ = try source.bytes(10, waiter: &waiter) }
    #expect(error == .nothingReturned)
    bench.model.limit = 10
    let bytes = try source.bytes(10, waiter: &waiter)
    #expect(bytes == bench.model.given)
  }

  @Test(arguments: [101, .max] as [UInt32])
  func fill_lengthLies_areCutDownAndCounted(length: UInt32) throws {
    let bench = Bench()
    var source = try bench.bringUp()
    bench.device.hostility.usedLength = length
    var waiter = TestWaiter(limit: 0)
    let bytes = try source.bytes(100, waiter: &waiter)
    #expect(bytes == bench.model.given)
    #expect(source.queueState.counters.falseLengths == 1)
    #expect(source.fault == nil)
  }

  @Test func fill_noAnswer_timesOutAndWorksAgainLater() throws {
    let bench = Bench()
    var source = try bench.bringUp()
    bench.device.setManual(true)
    var waiter = TestWaiter(step: .milliseconds(300))
    let start = waiter.now
    let error = failure { () throws(EntropyError) in
      _ = try source.bytes(10, waiter: &waiter, timeout: .seconds(1))
    }
    #expect(error == .timedOut(status: [.acknowledge, .driver, .featuresOK, .driverOK]))
    #expect(waiter.now == start + .seconds(1))
    #expect(source.inFlight == 1)
    bench.device.completeAll()
    // The chunk that came too late is `fill`'s own: nobody sees it, and its room is free again.
    let late = source.complete()?.byteCount
    #expect(late == nil)
    #expect(source.inFlight == 0)
    bench.device.setManual(false)
    let bytes = try source.bytes(10, waiter: &waiter)
    #expect(bytes == Array(bench.model.given.suffix(10)))
    #expect(bench.device.violations == [])
  }

  @Test func fill_lyingDevice_failsAndIsReset() throws {
    let bench = Bench()
    var source = try bench.bringUp()
    bench.device.hostility.usedID = 77
    var waiter = TestWaiter(limit: 0)
    let error = failure { () throws(EntropyError) in _ = try source.bytes(10, waiter: &waiter) }
    #expect(error == .deviceFailed(.idUnknown(77)))
    #expect(bench.device.status == [])
    // The chunk was the driver's own.
    let unfinished = source.complete()?.byteCount
    #expect(unfinished == nil)
    #expect(source.inFlight == 0)
    let again = failure { () throws(EntropyError) in _ = try source.bytes(10, waiter: &waiter) }
    #expect(again == .refused(.queueFailed))
  }

  @Test func fill_noMemory_isAnErrorAndWorksAgainLater() throws {
    let bench = Bench()
    var source = try bench.bringUp()
    bench.heap.failReservations(1)
    var waiter = TestWaiter(limit: 0)
    let error = failure { () throws(EntropyError) in _ = try source.bytes(10, waiter: &waiter) }
    #expect(error == .memory(.outOfMemory(byteCount: 10, alignment: 64)))
    let bytes = try source.bytes(10, waiter: &waiter)
    #expect(bytes == bench.model.given)
  }

  @Test func twoPhase_severalBuffers_comeBackWithTheirCounts() throws {
    let bench = Bench()
    var source = try bench.bringUp()
    bench.device.setManual(true)
    for byteCount in [10, 20, 30] {
      guard case .accepted = source.start(into: try bench.memory.allocate(byteCount: byteCount)) else {
        Issue.record("refused")
        return
      }
    }
    let isEarly = source.complete() == nil
    #expect(isEarly)
    source.publish()
    #expect(bench.device.notifications == [0])
    bench.model.limit = 15
    bench.device.completeAll()
    var counts: [Int] = []
    var bytes: [UInt8] = []
    while let completion = source.complete() {
      let count = completion.byteCount
      counts.append(count)
      bytes += completion.takeBuffer().array(count)
    }
    #expect(counts == [10, 15, 15])
    #expect(bytes == bench.model.given)
    #expect(bench.device.violations == [])
  }

  @Test func start_fullQueue_isRefusedWithTheBuffer() throws {
    let bench = Bench()
    var source = try bench.bringUp()
    bench.device.setManual(true)
    for _ in 0..<source.capacity {
      if case .refused = source.start(into: try bench.memory.allocate(byteCount: 4)) { Issue.record("refused") }
    }
    switch source.start(into: try bench.memory.allocate(byteCount: 5)) {
    case .accepted: Issue.record("taken")
    case .refused(let reason, let buffer):
      #expect(reason == .full)
      #expect(buffer.count == 5)
    }
  }

  @Test func shutDown_withBuffersOut_givesThemBackWithoutBytes() throws {
    let bench = Bench()
    do {
      var source = try bench.bringUp()
      bench.device.setManual(true)
      for _ in 0..<3 {
        if case .refused = source.start(into: try bench.memory.allocate(byteCount: 4)) { Issue.record("refused") }
      }
      source.publish()
      var waiter = TestWaiter()
      try source.shutDown(waiter: &waiter)
      var count = 0
      while let completion = source.complete() {
        count += 1
        #expect(completion.byteCount == 0)
      }
      #expect(count == 3)
      #expect(source.fault == nil)
    }
    #expect(bench.memory.buffersInUse == 0)
    #expect(bench.device.violations == [])
  }

  @Test func severalSources_eachGivesItsOwnBytes() throws {
    let (one, two) = (Bench(seed: 1), Bench(seed: 2))
    var first = try one.bringUp()
    var second = try two.bringUp()
    var waiter = TestWaiter(limit: 0)
    var bytes: [[UInt8]] = [[], []]
    for _ in 0..<5 {
      bytes[0] += try first.bytes(50, waiter: &waiter)
      bytes[1] += try second.bytes(50, waiter: &waiter)
    }
    #expect(bytes[0] == one.model.given)
    #expect(bytes[1] == two.model.given)
    #expect(bytes[0] != bytes[1])
  }

  @Test func bringUp_otherDevice_isRefusedUntouched() throws {
    let heap = DeviceHeap()
    let device = BlockModel(sectors: 8).makeDevice(heap: heap)
    let transport = try Bus(registers: ScriptedMMIORegisters(device: device), memory: TestMemory(heap: heap))
    var waiter = TestWaiter()
    var found: BringupError?
    do throws(BringupError) { _ = try EntropySource(transport, waiter: &waiter) } catch { found = error }
    #expect(found == .wrongDeviceType(found: .block, expected: .entropy))
    #expect(device.trace.entries.allSatisfy { $0.isLoad })
  }
}
