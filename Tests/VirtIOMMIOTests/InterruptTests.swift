import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOMMIO
import VirtIOTestSupport

/// Used buffer notifications: the device sends one only when the driver asked, and the transport shows and clears it.
struct InterruptTests {
  // SPEC: drivernormative:... / Used Buffer Notification Suppression 2, 3
  // SPEC: drivernormative:... / Notifications From The Device 1, 2
  // SPEC: drivernormative:... / MMIO Device Register Layout 17
  @Test(arguments: [FeatureSet(), .eventIndex], [false, true])
  func interrupt_onlyWhileArmed(features: FeatureSet, isLegacy: Bool) throws {
    let model = BlockModel(sectors: 16)
    let bench = Bench { model.makeDevice(features: features, heap: $0, isLegacy: isLegacy) }
    var waiter = TestWaiter()
    var block = try BlockDevice(try bench.transport(), waiter: &waiter)
    let line = block.makeInterruptHandle()
    bench.device.setManual(true)

    // With EVENT_IDX a fresh ring asks for the very first use (used_event is 0): let that pass.
    try start(&block, bench)
    bench.device.completeAll()
    line.handleInterrupt()
    #expect(drain(&block) == 1)
    let before = bench.device.interruptCount

    // Not asked for: none.
    try start(&block, bench)
    bench.device.completeAll()
    #expect(bench.device.interruptCount == before)
    let spurious = line.mailbox.spuriousInterrupts
    #expect(!line.handleInterrupt())
    #expect(line.mailbox.spuriousInterrupts == spurious + 1)
    #expect(drain(&block) == 1)

    // Asked for: one for the next, none for the one after it without asking again (with EVENT_IDX).
    let isReady = block.arm()
    #expect(!isReady)
    try start(&block, bench)
    try start(&block, bench)
    bench.device.complete()
    #expect(bench.device.interruptCount == before + 1)
    _ = block.mailbox.take()
    #expect(line.handleInterrupt())
    #expect(block.mailbox.take() == .usedBuffers)
    #expect(!line.handleInterrupt())
    #expect(block.mailbox.take() == [])
    bench.device.complete()
    #expect(bench.device.interruptCount == before + (features.contains(.eventIndex) ? 1 : 2))
    #expect(drain(&block) == 2)

    // Asked for too late: the driver is told at once.
    block.disarm()
    try start(&block, bench)
    bench.device.completeAll()
    let isReadyNow = block.arm()
    #expect(isReadyNow)
    #expect(bench.device.violations == [])
  }

  @Test func configurationChange_raisesAndShowsTheNewSize() throws {
    let model = BlockModel(sectors: 16)
    let bench = Bench { model.makeDevice(heap: $0) }
    let transport = try bench.transport()
    var waiter = TestWaiter()
    let block = try BlockDevice(try bench.transport(), waiter: &waiter)
    #expect(block.geometry.sectorCount == 16)
    model.resize(sectors: 32, on: bench.device)
    #expect(block.makeInterruptHandle().handleInterrupt())
    #expect(block.mailbox.take() == .configurationChanged)
    let capacity = try transport.readConfiguration(byteCount: 8) { $0.readConfiguration64(at: 0) }
    #expect(capacity == 32)
    let generation = transport.readConfigurationGeneration()
    #expect(generation == 1)
  }

  private func start(_ block: inout BlockDevice<Transport>, _ bench: Bench) throws {
    guard case .accepted = block.startRead(sector: 0, into: try bench.memory.allocate(byteCount: 512)) else {
      Issue.record("refused")
      return
    }
    block.publish()
  }

  private func drain(_ block: inout BlockDevice<Transport>) -> Int {
    var count = 0
    while block.complete() != nil { count += 1 }
    return count
  }
}
