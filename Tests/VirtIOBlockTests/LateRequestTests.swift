import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOTestSupport

/// Requests that `flush` and `identifier` made and did not wait for to the end: the caller never saw their tokens, and
/// must not get them from `complete`.
struct LateRequestTests {
  private func waitInVain(_ block: inout BlockDevice<Bus>, _ waiter: inout TestWaiter) {
    var errors: [BlockError?] = []
    do throws(BlockError) { try block.flush(waiter: &waiter, timeout: .milliseconds(200)) } catch {
      errors.append(error)
    }
    do throws(BlockError) {
      _ = try block.identifier(waiter: &waiter, timeout: .milliseconds(200))
    } catch { errors.append(error) }
    #expect(errors.count == 2)
    for error in errors {
      guard case .timedOut = error else {
        Issue.record("expected a time-out, found \(String(describing: error))")
        continue
      }
    }
  }

  @Test func ownRequests_finishedLate_areNotHandedOver() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    disk.device.setManual(true)
    waitInVain(&block, &waiter)
    guard case .accepted(let token) = block.startRead(sector: 3, into: try disk.memory.allocate(byteCount: 512)) else {
      Issue.record("refused")
      return
    }
    block.publish()
    disk.device.completeAll()
    let first = block.complete()?.token
    #expect(first == token)
    let isLast = block.complete() == nil
    #expect(isLast)
    #expect(block.inFlight == 0)
    #expect(disk.memory.buffersInUse == 2)
  }

  @Test func ownRequests_abortedByAReset_areNotHandedOver() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    disk.device.setManual(true)
    waitInVain(&block, &waiter)
    _ = block.startRead(sector: 3, into: try disk.memory.allocate(byteCount: 512))
    try block.shutDown(waiter: &waiter)
    var requests: [BlockRequest] = []
    while let completion = block.complete() {
      requests.append(completion.request)
      #expect(completion.result == .aborted)
    }
    #expect(requests == [.read])
    #expect(block.inFlight == 0)
    #expect(disk.memory.buffersInUse == 2)
  }

  /// The device finished what nobody waits for, and not what the caller has started.
  @Test func ownRequestFinishedLate_doesNotHideWhatAResetAborted() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    disk.device.setManual(true)
    waitInVain(&block, &waiter)
    _ = block.startRead(sector: 3, into: try disk.memory.allocate(byteCount: 512))
    block.publish()
    disk.device.complete()
    try block.shutDown(waiter: &waiter)
    let first = block.complete()?.result
    #expect(first == .aborted)
    let isLast = block.complete() == nil
    #expect(isLast)
    #expect(block.inFlight == 0)
  }

  @Test func flush_timedOutManyTimes_worksOnceTheDeviceAnswersInTime() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    for _ in 0..<2 * block.capacity {
      disk.device.setManual(true)
      waitInVain(&block, &waiter)
      disk.device.completeAll()
    }
    disk.device.setManual(false)
    try block.flush(waiter: &waiter)
    _ = try block.identifier(waiter: &waiter)
    #expect(block.inFlight == 0)
    #expect(disk.device.violations == [])
  }
}
