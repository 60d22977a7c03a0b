import DevicePlatform
import Testing
import VirtIO
import VirtIOEntropy
import VirtIOMMIO
import VirtIOTestSupport

/// Interrupts that mean nothing: without a cause, without end, while the device is reset, after its end.
struct InterruptLieTests {
  private let heap = DeviceHeap()

  @Test func interrupts_withoutCause_areCountedAndNothingElse() throws {
    let device = EntropyModel().makeDevice(heap: heap)
    var waiter = TestWaiter()
    var source = try EntropySource(
      try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: TestMemory(heap: heap)),
      waiter: &waiter)
    let handle = source.makeInterruptHandle()
    for _ in 0..<10_000 { handle.handleInterrupt() }
    #expect(source.mailbox.spuriousInterrupts == 10_000)
    #expect(source.mailbox.take() == [])
    let completion = source.complete() == nil
    #expect(completion)
    #expect(try source.bytes(4, waiter: &waiter).count == 4)
    #expect(device.violations == [])
  }

  /// The handle is the kernel's, and may be called at any time: here while a reset is waited for, and after it.
  @Test func interrupts_duringResetAndAfterTheEnd_bringNothing() throws {
    let device = EntropyModel().makeDevice(heap: heap)
    let memory = TestMemory(heap: heap)
    func transport() throws -> MMIOTransport<ScriptedMMIORegisters, TestMemory> {
      try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory)
    }
    var waiter = TestWaiter()
    var source = try EntropySource(try transport(), waiter: &waiter)
    let handle = source.makeInterruptHandle()
    device.setManual(true)
    guard case .accepted = source.start(into: try memory.allocate(byteCount: 8)) else {
      Issue.record("refused")
      return
    }
    source.publish()
    device.hostility.slowResetReads = 20
    device.hostility.interruptStatus = 3
    var waiting = TestWaiter(onWait: { handle.handleInterrupt() })
    try source.shutDown(waiter: &waiting)
    #expect(waiting.count == 20)
    handle.handleInterrupt()
    // The buffer of the request that was not done, and no other, whatever the interrupts said.
    let first = source.complete()?.byteCount
    #expect(first == 0)
    let second = source.complete() == nil
    #expect(second)
    #expect(source.inFlight == 0)
  }
}
