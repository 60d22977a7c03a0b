import DeviceManager
import DevicePlatform
import DeviceTraits
import InputEvents
import StandardDrivers
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

/// Who wakes somebody who sleeps until a key goes down.
@Suite struct InputWakeUpTests {
  private let heap = DeviceHeap()
  private let slot = PollingSlot()
  private let model: InputModel
  private let driven: any DrivenDevice
  private let keyboard: any InputDevice

  init() throws {
    model = InputModel(heap: heap)
    model.makeKeyboard()
    let transport = try MMIOTransport(
      registers: ScriptedMMIORegisters(device: model.device), memory: TestMemory(heap: heap), location: "mmio 0")
    driven = try InputDriver().start(transport, in: slot, named: "input0")
    guard case .input(let keyboard) = driven.role else { throw InputFailure("no input device") }
    self.keyboard = keyboard
  }

  private func press() { model.send([[1, 30, 1], [0, 0, 0]]) }

  /// It is polled, or its line was masked for good.
  @Test func polledDevice_wakesNobody() {
    #expect(keyboard.arm() == .nothing)
    slot.interrupts = InterruptObservation(isMasked: true, count: 0, spuriousCount: 0)
    #expect(keyboard.arm() == .nothing)
  }

  @Test func armedDevice_interruptsAtTheNextEvent_andNotAfterIt() {
    slot.interrupts = InterruptObservation(isMasked: false, count: 0, spuriousCount: 0)
    #expect(keyboard.arm() == .interrupt && model.device.interruptCount == 0)
    press()
    #expect(model.device.interruptCount == 1)
    var frame = InputFrame()
    #expect(keyboard.nextFrame(&frame) == true && keyboard.nextFrame(&frame) == false)
    // Nobody sleeps: nobody is to be woken.
    press()
    #expect(model.device.interruptCount == 1)
    // It came before the sleep.
    #expect(keyboard.arm() == .already)
    #expect(keyboard.nextFrame(&frame) == true && keyboard.arm() == .interrupt)
    #expect(model.device.violations == [])
  }

  @Test func toldEvents_areTakenBackWhereNothingElseIsToDo() throws {
    try keyboard.set(.capsLock, isOn: true)
    let queue = try #require(driven.observe()?.queues.last)
    #expect(queue.deviceUsedIndex == 1 && queue.state.usedIndex == 0)
    driven.serve()
    #expect(driven.observe()?.queues.last?.state.usedIndex == 1)
    #expect(model.device.violations == [])
  }
}
