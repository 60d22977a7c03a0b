import DevicePlatform
import Testing
import VirtIO
import VirtIOEntropy
import VirtIOMMIO
import VirtIOTestSupport

/// A source that answers too late again and again: the queue's room comes back nevertheless.
struct LateChunkTests {
  @Test func fill_timedOutManyTimes_worksOnceTheDeviceAnswersInTime() throws {
    let heap = DeviceHeap()
    let device = EntropyModel(seed: 7).makeDevice(heap: heap)
    device.trace.isOn = false
    let memory = TestMemory(heap: heap)
    var waiter = TestWaiter(step: .milliseconds(100))
    var source = try EntropySource(
      try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory), waiter: &waiter)
    device.setManual(true)
    for _ in 0..<3 * source.capacity {
      var error: EntropyError?
      do throws(EntropyError) { _ = try source.bytes(16, waiter: &waiter, timeout: .milliseconds(200)) } catch let
        caught
      {
        error = caught
      }
      guard case .timedOut = error else {
        Issue.record("expected a time-out, found \(String(describing: error))")
        return
      }
      device.completeAll()
    }
    device.setManual(false)
    let bytes = try source.bytes(16, waiter: &waiter)
    #expect(bytes.count == 16)
    #expect(source.inFlight == 0)
    #expect(device.violations == [])
  }

  @Test func complete_chunkAbortedByAReset_isNotHandedOver() throws {
    let heap = DeviceHeap()
    let device = EntropyModel(seed: 7).makeDevice(heap: heap)
    let memory = TestMemory(heap: heap)
    var waiter = TestWaiter(step: .milliseconds(100))
    var source = try EntropySource(
      try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory), waiter: &waiter)
    device.setManual(true)
    do throws(EntropyError) { _ = try source.bytes(16, waiter: &waiter, timeout: .milliseconds(200)) } catch {}
    guard case .accepted(let token) = source.start(into: try memory.allocate(byteCount: 32)) else {
      Issue.record("refused")
      return
    }
    try source.shutDown(waiter: &waiter)
    let first = source.complete()?.token
    #expect(first == token)
    let isLast = source.complete() == nil
    #expect(isLast)
    #expect(source.inFlight == 0)
  }
}
