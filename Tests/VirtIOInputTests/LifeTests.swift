import DevicePlatform
import InputEvents
import Testing
import VirtIO
import VirtIOInput
import VirtIOTestSupport

/// Sleeping until something happens, and the end of a device's use.
struct LifeTests {
  /// Nothing is slept through: what came before `arm` is told by it, what comes after it interrupts.
  @Test func event_interruptsWhereItWasAskedFor() throws {
    let bench = Bench()
    bench.model.makeKeyboard()
    do {
      var input = try bench.open()
      let handle = input.makeInterruptHandle()
      var frame = InputFrame()
      // With EVENT_IDX a ring begins with the wish for an interrupt.
      bench.model.send([[1, 29, 1], [0, 0, 0]])
      #expect(input.nextFrame(&frame) == true)
      let before = bench.device.interruptCount
      let interrupts = { bench.device.interruptCount - before }
      bench.model.send([[1, 30, 1], [0, 0, 0]])
      #expect(interrupts() == 0)
      #expect(input.arm() == true)
      #expect(input.nextFrame(&frame) == true)
      #expect(input.arm() == false)
      bench.model.send([[1, 30, 0], [0, 0, 0]])
      #expect(interrupts() == 1)
      handle.handleInterrupt()
      input.disarm()
      #expect(input.nextFrame(&frame) == true)
      bench.model.send([[1, 31, 1], [0, 0, 0]])
      #expect(interrupts() == 1)
      #expect(input.status.contains(.driverOK) && !input.isLegacy && !input.location.isEmpty)
      #expect(input.statusQueueState.size > 0 && input.observe().queues.count == 2)
    }
    #expect(bench.isClean)
  }

  /// Nothing is lost with it: the bus says that it writes no memory any more.
  @Test func device_thatWasTakenOut_givesItsMemoryBack() throws {
    let bench = Bench()
    bench.model.makeKeyboard()
    do {
      var input = try bench.open()
      // The bus of this test says so.
      input.deviceWasRemoved(unsafe DeviceRemoval())
      #expect(failure { () throws(InputRefusal) in try input.set(.capsLock, isOn: true) } == .deviceReset)
    }
    #expect(bench.isClean)
  }
}
