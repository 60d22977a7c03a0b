import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOTestSupport

/// Requests that the device answers, well or not so well.
struct BlockRequestTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    var isLegacy: Bool
    var features: FeatureSet
    var testDescription: String { "\(isLegacy ? "legacy" : "modern") \(features.hexadecimal)" }
  }

  static let variants: [Variant] = [false, true].flatMap { isLegacy in
    [FeatureSet(), .indirectDescriptors, .eventIndex, [.indirectDescriptors, .eventIndex]].map {
      Variant(isLegacy: isLegacy, features: $0)
    }
  }

  // SPEC: sec:... / Block Device / Device Operation / Legacy Interface: Device Operation 1
  @Test(arguments: variants)
  func lists_writtenAndRead_areTheSameBytesInOrder(variant: Variant) throws {
    let disk = Disk(features: variant.features, queueSize: 64, isLegacy: variant.isLegacy)
    var options = BlockOptions()
    options.maximumSegments = 3
    var block = try disk.bringUp(options)
    #expect(block.maximumSegments == 3)
    // Segments need not be whole sectors; their sum is.
    var list = try disk.segments([100, 512, 412])
    for segment in 0..<3 {
      var bytes = list.mutableBytes(at: segment)
      for offset in 0..<bytes.byteCount {
        bytes.storeBytes(of: UInt8(truncatingIfNeeded: segment * 50 + offset), toByteOffset: offset, as: UInt8.self)
      }
    }
    #expect(refusal(block.startWrite(sector: 5, from: list), byteCount: 0) == nil)
    block.publish()
    guard let written = block.complete() else {
      Issue.record("the write did not come back")
      return
    }
    #expect(written.request == .write)
    #expect(written.result == .done)
    #expect(written.takeSegments().count == 3)
    let expected = [(0, 100), (1, 512), (2, 412)].flatMap { segment, count in
      (0..<count).map { UInt8(truncatingIfNeeded: segment * 50 + $0) }
    }
    #expect(Array(disk.model.storage[5 * 512..<7 * 512]) == expected)

    #expect(refusal(block.startRead(sector: 5, into: try disk.segments([1, 1000, 23])), byteCount: 0) == nil)
    block.publish()
    guard let read = block.complete() else {
      Issue.record("the read did not come back")
      return
    }
    #expect(read.result == .done)
    let back = read.takeSegments()
    var bytes: [UInt8] = []
    for segment in 0..<back.count {
      let part = back.bytes(at: segment)
      for offset in 0..<part.byteCount { bytes.append(unsafe part.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) }
    }
    #expect(bytes == expected)
    #expect(disk.device.violations == [])
  }

  @Test func twoPhase_everyKindOfRequest_isNamedInItsCompletion() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    disk.device.setManual(true)
    #expect(refusal(block.startRead(sector: 1, into: try disk.memory.allocate(byteCount: 512)), byteCount: 0) == nil)
    #expect(refusal(block.startWrite(sector: 2, from: try disk.memory.allocate(byteCount: 512)), byteCount: 0) == nil)
    _ = try block.startFlush()
    #expect(refusal(block.startIdentifier(into: try disk.memory.allocate(byteCount: 20)), byteCount: 0) == nil)
    #expect(block.inFlight == 4)
    block.publish()
    disk.device.completeAll(order: .newestFirst)
    var requests: [BlockRequest] = []
    while let completion = block.complete() {
      #expect(completion.result == .done)
      requests.append(completion.request)
    }
    #expect(requests == [.identifier, .flush, .write, .read])
    #expect(disk.model.requestTypes == [8, 4, 1, 0])
    #expect(disk.device.violations == [])
  }

  @Test(arguments: variants)
  func queue_full_refusesOneMoreAndThenWorksOn(variant: Variant) throws {
    let disk = Disk(features: variant.features, isLegacy: variant.isLegacy)
    disk.device.setManual(true)
    var block = try disk.bringUp()
    for _ in 0..<3 {
      for sector in 0..<UInt64(block.capacity) {
        let buffer = try disk.memory.allocate(byteCount: 512)
        #expect(refusal(block.startRead(sector: sector, into: buffer), byteCount: 0) == nil)
      }
      let extra = try disk.memory.allocate(byteCount: 512)
      #expect(refusal(block.startRead(sector: 0, into: extra), byteCount: 512) == .queue(.full))
      let error = failure { () throws(BlockRefusal) in _ = try block.startFlush() }
      #expect(error == .queue(.full))
      block.publish()
      disk.device.completeAll(order: .random(seed: 5))
      var count = 0
      while let completion = block.complete() {
        #expect(completion.result == .done)
        count += 1
      }
      #expect(count == block.capacity)
    }
    #expect(disk.device.violations == [])
  }

  @Test(
    arguments: [
      (1, BlockResult.ioError), (2, .unsupported), (3, .unknownStatus(3)), (0xfe, .unknownStatus(0xfe)),
      (0xff, .noStatus),
    ] as [(UInt8, BlockResult)])
  func status_otherThanDone_isItsOwnResultAndTheBufferIsBack(status: UInt8, result: BlockResult) throws {
    let disk = Disk()
    disk.device.setHandler(queue: 0) { request, _ in
      ScriptedReply(
        writes: [(request.writableByteCount - 1, [status])], usedLength: UInt32(request.writableByteCount))
    }
    var block = try disk.bringUp()
    var waiter = TestWaiter()
    var buffer = try disk.memory.allocate(byteCount: 512)
    let error = failure { () throws(BlockError) in try block.read(sector: 1, into: &buffer, waiter: &waiter) }
    #expect(error == .failed(result))
    #expect(buffer.count == 512)
    let flushError = failure { () throws(BlockError) in try block.flush(waiter: &waiter) }
    #expect(flushError == .failed(result))
    let identifierError = failure { () throws(BlockError) in _ = try block.identifier(waiter: &waiter) }
    #expect(identifierError == .failed(result))
    #expect(block.fault == nil)
  }

  // SPEC: drivernormative:... / The Virtqueue Used Ring 1
  @Test(arguments: [0, 1, 511] as [UInt32])
  func read_shorterThanAsked_isIncompleteUnlessLegacy(length: UInt32) throws {
    for isLegacy in [false, true] {
      let disk = Disk(isLegacy: isLegacy)
      var block = try disk.bringUp()
      disk.device.hostility.usedLength = length
      var waiter = TestWaiter()
      var buffer = try disk.memory.allocate(byteCount: 512)
      let error = failure { () throws(BlockError) in try block.read(sector: 1, into: &buffer, waiter: &waiter) }
      #expect(error == (isLegacy ? nil : .failed(.incomplete(written: length, expected: 512))))
      #expect(buffer.count == 512)
      // A write has nothing to be short of.
      try block.write(sector: 1, from: &buffer, waiter: &waiter)
    }
  }

  @Test func flush_notOffered_asksNothing() throws {
    let disk = Disk()
    var options = BlockOptions()
    options.features.remove(.Block.flush)
    var block = try disk.bringUp(options)
    var waiter = TestWaiter(limit: 0)
    try block.flush(waiter: &waiter)
    #expect(disk.model.flushCount == 0)
    #expect(disk.device.notifications == [])
    #expect(disk.device.violations == [])
  }

  @Test func read_timedOut_leavesTheBufferWithTheDeviceUntilItAnswers() throws {
    let disk = Disk()
    disk.device.setManual(true)
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(300))
    var buffer = try disk.memory.allocate(byteCount: 512)
    let start = waiter.now
    let error = failure { () throws(BlockError) in
      try block.read(sector: 9, into: &buffer, waiter: &waiter, timeout: .seconds(1))
    }
    #expect(error == .timedOut(status: [.acknowledge, .driver, .featuresOK, .driverOK]))
    #expect(waiter.now == start + .seconds(1))
    #expect(buffer.count == 0)
    #expect(block.inFlight == 1)
    let isEarly = block.complete() == nil
    #expect(isEarly)
    disk.device.complete()
    guard let completion = block.complete() else {
      Issue.record("the late answer is gone")
      return
    }
    #expect(completion.result == .done)
    #expect(completion.takeBuffer().array(512) == BlockModel.pattern(9))
    #expect(disk.device.violations == [])
  }

  @Test func device_lyingInTheMiddle_abortsTheRestWithAllBuffers() throws {
    let disk = Disk()
    disk.device.setManual(true)
    do {
      var block = try disk.bringUp()
      for sector in 0..<6 as Range<UInt64> {
        #expect(
          refusal(block.startRead(sector: sector, into: try disk.memory.allocate(byteCount: 512)), byteCount: 0) == nil)
      }
      block.publish()
      disk.device.complete(at: 1)
      disk.device.complete(at: 1)
      disk.device.writeUsedElement(id: 0xffff_ffff, length: 0)
      var done = 0
      var aborted = 0
      while let completion = block.complete() {
        if completion.result == .done { done += 1 } else if completion.result == .aborted { aborted += 1 }
        #expect(completion.takeBuffer().count == 512)
      }
      #expect(done == 2)
      #expect(aborted == 4)
      #expect(block.fault == .idUnknown(0xffff_ffff))
      #expect(disk.device.status == [])
      #expect(block.inFlight == 0)
      let extra = try disk.memory.allocate(byteCount: 512)
      #expect(refusal(block.startRead(sector: 0, into: extra), byteCount: 512) == .queue(.queueFailed))
    }
    #expect(disk.memory.buffersInUse == 0)
    #expect(disk.device.violations == [])
  }

  @Test func device_thatLiesAndNeverResets_losesWhatItHas() throws {
    let disk = Disk()
    disk.device.setManual(true)
    do {
      var block = try disk.bringUp()
      #expect(refusal(block.startRead(sector: 0, into: try disk.memory.allocate(byteCount: 512)), byteCount: 0) == nil)
      block.publish()
      disk.device.hostility.neverResets = true
      disk.device.jumpUsedIndex(by: 5)
      let isOver = block.complete() == nil
      #expect(isOver)
      #expect(block.fault != nil)
    }
    // The buffer, the ring and the blocks: the device may still write all of them.
    #expect(disk.memory.buffersLost == 3)
    #expect(disk.memory.buffersInUse == 3)
  }

  @Test func shutDown_withRequestsInFlight_finishesSomeAndAbortsTheOthers() throws {
    let disk = Disk()
    disk.device.setManual(true)
    var block = try disk.bringUp()
    for sector in 0..<3 as Range<UInt64> {
      #expect(
        refusal(block.startRead(sector: sector, into: try disk.memory.allocate(byteCount: 512)), byteCount: 0) == nil)
    }
    block.publish()
    disk.device.complete(at: 1)
    var waiter = TestWaiter()
    try block.shutDown(waiter: &waiter)
    var results: [BlockResult] = []
    while let completion = block.complete() { results.append(completion.result) }
    #expect(results == [.done, .aborted, .aborted])
    #expect(block.fault == nil)
    var buffer = try disk.memory.allocate(byteCount: 512)
    let error = failure { () throws(BlockError) in try block.read(sector: 0, into: &buffer, waiter: &waiter) }
    #expect(error == .refused(.queue(.queueFailed)))
    #expect(buffer.count == 512)
    #expect(disk.device.violations == [])
  }

  @Test func publish_ofManyRequests_isOneRegisterStore() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    for sector in 0..<5 as Range<UInt64> {
      #expect(
        refusal(block.startRead(sector: sector, into: try disk.memory.allocate(byteCount: 512)), byteCount: 0) == nil)
    }
    disk.device.trace.clear()
    disk.device.trace.isOn = true
    block.publish()
    while let completion = block.complete() { #expect(completion.result == .done) }
    #expect(disk.device.trace.text == "store32 0x050 <- 0x0")
  }
}
