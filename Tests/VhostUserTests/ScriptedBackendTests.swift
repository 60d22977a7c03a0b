import DevicePlatform
import Synchronization
import Foundation
import Testing
import VhostUser
import VirtIO
import VirtIOBlock

/// Back-ends that do not follow the protocol: a typed error in time, whatever they do.
@Suite(.timeLimit(.minutes(1))) struct ScriptedBackendTests {
  typealias Deed = ScriptedBackend.Deed

  /// What connecting to a back-end that misbehaves once ends with.
  private func error(
    at request: VhostUserRequest, _ deed: Deed, _ change: (inout VhostUserOptions) -> Void = { _ in }
  ) -> VhostUserError? {
    let backend = ScriptedBackend(deed: { found, _ in found == request ? deed : nil })
    do {
      _ = try backend.connect(change)
      return nil
    } catch { return error as? VhostUserError }
  }

  @Test func wellBehaved_isConnectedAndBroughtUp() throws {
    let backend = ScriptedBackend()
    let device = try backend.connect()
    var waiter = device.makeWaiter()
    var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    #expect(disk.geometry.sectorCount == 2048)
    try disk.shutDown(waiter: &waiter)
    #expect(device.failure == nil)
  }

  @Test func endInsteadOfAnAnswer_isToldWithTheRequest() {
    #expect(error(at: .getFeatures, .end) == .closed(request: .getFeatures, received: 0, expected: 12))
  }

  @Test(arguments: [1, 11, 12, 15, 19])
  func endInsideAMessage_isToldWithBothCounts(count: Int) {
    let whole = ScriptedBackend.header(.getFeatures, 8) + ScriptedBackend.number(1)
    let expected = count < 12 ? 12 : 20
    #expect(
      error(at: .getFeatures, .bytesAndEnd(Array(whole[..<count])))
        == .closed(request: .getFeatures, received: count, expected: expected))
  }

  @Test(arguments: [0, 4, 9, 268])
  func wrongSize_isRefused(count: Int) {
    #expect(
      error(at: .getFeatures, .answer([UInt8](repeating: 0, count: count)))
        == .wrongSize(request: .getFeatures, found: count, expected: 8))
  }

  @Test(arguments: [269, 1 << 31, 0xffff_ffff])
  func sizeWithoutEnd_isRefusedBeforeItIsRead(count: Int) {
    #expect(
      error(at: .getFeatures, .bytes(ScriptedBackend.header(.getFeatures, count)))
        == .wrongSize(request: .getFeatures, found: count, expected: 268))
  }

  @Test func anotherProtocol_isNoBackEnd() throws {
    let greeting = Array("{\"QMP\": {\"version\": {}}}\r\n".utf8)
    let found = try #require(error(at: .setOwner, .bytes(greeting)))
    // Seen as a message that nobody asked for, or as an answer, whichever comes first.
    switch found {
    case .unasked(let code): #expect(code == 0x4d51_227b)
    case .wrongReply(.getFeatures, let code, _): #expect(code == 0x4d51_227b)
    default: Issue.record("\(found)")
    }
    #expect(found.clause != nil)
  }

  @Test(arguments: [0x1, 0x6, 0x80000005] as [UInt32])
  func wrongFlags_areNoAnswer(flags: UInt32) {
    let bytes = ScriptedBackend.header(.getFeatures, 8, flags: flags) + ScriptedBackend.number(1)
    #expect(
      error(at: .getFeatures, .bytes(bytes)) == .wrongReply(request: .getFeatures, code: 1, flags: flags))
  }

  @Test func silence_endsAtTheDeadline() {
    let start = Date()
    #expect(
      error(at: .getFeatures, .silence) { $0.timeout = .milliseconds(50) }
        == .timedOut(request: .getFeatures, milliseconds: 50))
    #expect(Date().timeIntervalSince(start) < 20)
  }

  @Test func halfAnAnswer_endsAtTheDeadline() {
    #expect(
      error(at: .getFeatures, .bytes([1, 0, 0, 0, 5])) { $0.timeout = .milliseconds(50) }
        == .timedOut(request: .getFeatures, milliseconds: 50))
  }

  @Test func acknowledgementThatNobodyAskedFor_isTold() throws {
    // The feature is not even offered.
    let backend = ScriptedBackend(
      { $0.protocolFeatures = 1 << 9 }, deed: { request, _ in request == .setOwner ? .acknowledge(0) : nil })
    do {
      _ = try backend.connect()
      Issue.record("an acknowledgement was overlooked")
    } catch let error as VhostUserError {
      #expect(error == .unasked(code: 3) || error == .wrongReply(request: .getFeatures, code: 3, flags: 5))
    }
  }

  @Test func featuresThatNobodyKnows_areNotAccepted() throws {
    let backend = ScriptedBackend {
      // Two fields of the configuration are 0, which a disk that offers their features must not say.
      $0.features = .max & ~(1 << 2 | 1 << 6)
      $0.protocolFeatures = .max & ~(1 << 16)
    }
    let device = try backend.connect()
    var waiter = device.makeWaiter()
    let disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    let (accepted, acceptedProtocol) = backend.state.withLock { ($0.acceptedFeatures, $0.acceptedProtocolFeatures) }
    #expect(accepted == UInt64(truncatingIfNeeded: disk.features.rawValue) | 1 << 30)
    #expect(disk.features.isSubset(of: BlockOptions().features.union(.version1)))
    #expect(acceptedProtocol == 1 << 0 | 1 << 3 | 1 << 9 | 1 << 15)
  }

  @Test func descriptorsWithAnAnswer_areClosedAndTold() {
    #expect(
      error(at: .getFeatures, .answerWithDescriptor(ScriptedBackend.number(1)))
        == .strayDescriptors(request: .getFeatures, count: 1))
  }

  @Test(arguments: [0, 0x10000, .max] as [UInt64])
  func queuesWithoutEnd_areRefused(count: UInt64) {
    #expect(error(at: .getQueueCount, .answer(ScriptedBackend.number(count))) == .impossibleQueueCount(count))
  }

  @Test func moreRegionsThanSlots_areRefused() {
    #expect(
      error(at: .getMemorySlotLimit, .answer(ScriptedBackend.number(2))) { $0.memoryRegionCount = 3 }
        == .tooManyRegions(count: 3, limit: 2))
  }

  @Test func configurationOfAnotherPart_isRefused() {
    #expect(
      error(at: .getConfiguration, .answer([4, 0, 0, 0, 96, 0, 0, 0] + [UInt8](repeating: 0, count: 100)))
        == .wrongPart(offset: 4, byteCount: 96, expectedOffset: 0, expectedByteCount: 96))
  }

  @Test func configurationShorterThanItSays_isRefused() {
    #expect(
      error(at: .getConfiguration, .answer([0, 0, 0, 0, 96, 0, 0, 0] + [UInt8](repeating: 0, count: 50)))
        == .wrongSize(request: .getConfiguration, found: 58, expected: 108))
  }

  @Test func noConfiguration_isToldByTheDriver() throws {
    let backend = ScriptedBackend { $0.protocolFeatures = 1 << 3 }
    let device = try backend.connect()
    var waiter = device.makeWaiter()
    #expect(bringUpError(device, &waiter) == .configuration(.tooShort(byteCount: 0, needed: 8)))
  }

  private func bringUpError(_ device: VhostUserDevice, _ waiter: inout VhostUserWaiter) -> BringupError? {
    do throws(BringupError) {
      _ = try BlockDevice(device.makeTransport(), waiter: &waiter)
      return nil
    } catch { return error }
  }

  @Test func refusedFeatures_endTheBringUp() throws {
    let backend = ScriptedBackend(deed: { request, _ in request == .setFeatures ? .acknowledge(1) : nil })
    let device = try backend.connect()
    var waiter = device.makeWaiter()
    guard case .featuresRefused(let accepted, _)? = bringUpError(device, &waiter) else {
      Issue.record("the features were not refused")
      return
    }
    #expect(accepted == [.version1, .eventIndex, .indirectDescriptors])
    #expect(device.failure == nil)
  }

  @Test(arguments: [VhostUserRequest.addMemoryRegion, .setRingSize, .setRingAddresses, .setRingKick, .setRingEnabled])
  func refusedSetUp_isTheDevicesFailure(request: VhostUserRequest) throws {
    let backend = ScriptedBackend(deed: { found, _ in found == request ? .acknowledge(22) : nil })
    let device = try backend.connect { $0.timeout = .milliseconds(200) }
    var waiter = device.makeWaiter()
    let error = bringUpError(device, &waiter)
    // Queues are let loose by the last step, after which nothing can fail any more: the status has it.
    if request != .setRingEnabled { #expect(error != nil) }
    #expect(device.failure == .refused(request: request, result: 22))
  }

  @Test func requestsThatNeverEnd_makeAResetTimeOut() throws {
    let backend = ScriptedBackend(
      deed: { request, _ in request == .getRingBase ? .answer([0, 0, 0, 0, 5, 0, 0, 0]) : nil })
    let device = try backend.connect { $0.timeout = .milliseconds(100) }
    var waiter = device.makeWaiter()
    do {
      var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
      do throws(BringupError) {
        try disk.shutDown(waiter: &waiter, timeout: .milliseconds(100))
        Issue.record("a reset that did not end")
      } catch {
        guard case .resetTimedOut = error else { throw error }
      }
    }
    // Whatever it still has is never handed out again.
    #expect(device.memory.buffersLost == 2)
  }

  @Test func noInterrupts_areAskedForAsTheProtocolHasIt() throws {
    let backend = ScriptedBackend()
    let device = try backend.connect { $0.interrupts = .none }
    var waiter = device.makeWaiter()
    let disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    #expect(backend.state.withLock { $0.calls } == [1 << 8])
    _ = disk.capacity
  }

  @Test func statusOfTheBackEnd_isTheDevices() throws {
    let backend = ScriptedBackend { $0.protocolFeatures |= 1 << 16 }
    let device = try backend.connect()
    var waiter = device.makeWaiter()
    var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    #expect(backend.state.withLock { $0.status } == 0xf)
    backend.state.withLock { $0.status |= 0x40 }
    #expect(disk.status.contains(.deviceNeedsReset))
    try disk.shutDown(waiter: &waiter)
    #expect(backend.state.withLock { $0.status } == 0)
  }

  @Test func statusWithoutFeaturesOK_endsTheBringUp() throws {
    let backend = ScriptedBackend(
      { $0.protocolFeatures |= 1 << 16 },
      deed: { request, state in
        if request == .getStatus { state.status &= ~8 }
        return nil
      })
    let device = try backend.connect()
    var waiter = device.makeWaiter()
    guard case .featuresRefused(let accepted, _)? = bringUpError(device, &waiter) else {
      Issue.record("the features were not refused")
      return
    }
    #expect(accepted == [.version1, .eventIndex, .indirectDescriptors])
  }

  @Test func configurationThatNeverSettles_isTold() throws {
    let backend = ScriptedBackend(
      deed: { request, state in
        if request == .getConfiguration { state.configuration[0] &+= 1 }
        return nil
      })
    let device = try backend.connect()
    var waiter = device.makeWaiter()
    #expect(bringUpError(device, &waiter) == .configuration(.unsettled(attempts: 32)))
  }
}
