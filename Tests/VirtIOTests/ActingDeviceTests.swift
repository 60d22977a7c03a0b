import DevicePlatform
import Testing
import VirtIO

@testable import VirtIOTestSupport

/// A device that may act before and after every single access of the driver, not only when it is notified.
struct ActingDeviceTests {
  /// The device's moves, and how often they lie.
  final class Actor {
    let device: ScriptedDevice
    var generator: SplitMix64
    /// One move in so many is a lie; never when 0.
    let lieEvery: Int
    var moves = 0
    private var isActing = false

    init(device: ScriptedDevice, seed: UInt64, lieEvery: Int) {
      self.device = device
      generator = SplitMix64(seed: seed)
      self.lieEvery = lieEvery
    }

    func act() {
      // Its own accesses are not the driver's, but a doorbell inside a hook would come back here.
      if isActing || !device.status.contains(.driverOK) { return }
      isActing = true
      defer { isActing = false }
      guard Int.random(in: 0..<4, using: &generator) == 0 else { return }
      moves += 1
      if lieEvery != 0, Int.random(in: 0..<lieEvery, using: &generator) == 0 { return lie() }
      device.poll()
      let count = device.pending().count
      if count != 0 { device.complete(at: Int.random(in: 0..<count, using: &generator)) }
    }

    private func lie() {
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: device.writeUsedElement(id: UInt32.random(in: 0..<20, using: &generator), length: 0)
      case 1: device.writeUsedElement(id: .random(in: 0...(.max), using: &generator), length: .max)
      case 2: device.replayUsedElement()
      case 3: device.jumpUsedIndex(by: Int16.random(in: -3...3, using: &generator))
      case 4: device.jumpUsedIndex(by: Int16.random(in: .min ... .max, using: &generator))
      default: device.hostility.usedLength = .random(in: 0...(.max), using: &generator)
      }
    }
  }

  /// Drives a queue by random calls while the device acts; every buffer must come back once.
  private func run(
    seed: UInt64, options: QueueOptions, features: FeatureSet, lieEvery: Int, steps: Int
  ) throws -> (submitted: Int, returned: Int, fault: QueueFault?) {
    let observer = AccessObserver()
    var bench = try QueueBench<ObservedProvider>(observer: observer, size: 16, options, features: features)
    let actor = Actor(device: bench.device, seed: seed, lieEvery: lieEvery)
    observer.hook = { _, _ in actor.act() }
    var generator = SplitMix64(seed: seed ^ 0xfeed)
    var submitted = 0
    var tokens: [Token] = []
    // Each buffer has a size of its own, so that one that comes back twice or changed shows.
    var out: Set<UInt32> = []
    func back(_ byteCount: UInt32) {
      if out.remove(byteCount) == nil { Issue.record("\(byteCount) bytes came back, and were not out (seed \(seed))") }
    }
    for _ in 0..<steps where bench.queue.fault == nil {
      switch Int.random(in: 0..<8, using: &generator) {
      case 0...2:
        submitted += 1
        let buffer = try bench.memory.allocate(byteCount: submitted)
        switch bench.queue.submit(buffer, deviceWrites: Bool.random(using: &generator)) {
        case .accepted(let token):
          out.insert(UInt32(submitted))
          tokens.append(token)
        case .refused(let reason, let buffer):
          #expect(buffer.count == submitted)
          #expect(reason == .full || reason == .queueFailed)
        }
      case 3 where options.maximumSegments > 1:
        submitted += 1
        var list = SegmentList(capacity: 2)
        list.append(try bench.memory.allocate(byteCount: submitted * 1000))
        list.append(try bench.memory.allocate(byteCount: submitted * 1000))
        if case .accepted = bench.queue.submit(list, deviceWrites: true) { out.insert(UInt32(2000 * submitted)) }
      case 4: bench.queue.publish()
      case 5:
        _ = bench.queue.completeBatch(upTo: Int.random(in: 0...5, using: &generator)) { back($0.dataByteCount) }
      case 6:
        guard let token = tokens.popLast() else { continue }
        var waiter = TestWaiter(step: .milliseconds(1), limit: 100)
        do throws(WaitFailure) {
          back(try bench.queue.wait(for: token, waiter: &waiter, until: waiter.now + .milliseconds(3)).dataByteCount)
        } catch {}
      default: if let completion = bench.queue.complete() { back(completion.dataByteCount) }
      }
    }
    observer.hook = nil
    #expect(actor.moves > 0)
    if lieEvery == 0 { #expect(bench.device.violations == []) }
    bench.reset()
    while let completion = bench.queue.complete() { back(completion.dataByteCount) }
    while let completion = bench.queue.takeUnfinished() { back(completion.dataByteCount) }
    #expect(out.isEmpty, "seed \(seed)")
    #expect(bench.queue.inFlight == 0)
    #expect(bench.memory.buffersLost == 0)
    return (submitted, submitted - out.count, bench.queue.fault)
  }

  // SPEC: drivernormative:General Initialization And Device Operation / Device Cleanup 1
  // SPEC: drivernormative:... / The Virtqueue Available Ring 1
  @Test(arguments: [1, 2, 3, 4, 5, 6], [FeatureSet(), [.eventIndex, .indirectDescriptors]])
  func honestDevice_atEveryAccess_returnsEveryBufferOnce(seed: UInt64, features: FeatureSet) throws {
    let result = try run(seed: seed, options: blockLike(segments: 2), features: features, lieEvery: 0, steps: 1500)
    #expect(result.submitted > 300)
    #expect(result.fault == nil)
  }

  @Test(arguments: [FeatureSet(), [.eventIndex, .indirectDescriptors]])
  func lyingDevice_atEveryAccess_neitherTrapsNorKeepsABuffer(features: FeatureSet) throws {
    var faults = 0
    for seed in 1...120 as ClosedRange<UInt64> {
      let options = seed % 2 == 0 ? blockLike(segments: 2) : QueueOptions()
      let result = try run(seed: seed, options: options, features: features, lieEvery: 10, steps: 200)
      if result.fault != nil { faults += 1 }
    }
    // The lies are seen: most of them are no honest device's doing.
    #expect(faults > 60)
  }
}
