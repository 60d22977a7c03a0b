import DevicePlatform
import InputEvents
import Testing
import VirtIO
import VirtIOInput
import VirtIOTestSupport

struct StatusTests {
  // SPEC: drivernormative:... / Input Device / Device Operation 3
  @Test func lightsAndEffects_reachTheDevice() throws {
    let bench = Bench()
    bench.model.makeKeyboard()
    bench.model.setCodes(0x15, [0x50, 0x51, 0x60])
    do {
      var input = try bench.open()
      try input.set(.capsLock, isOn: true)
      try input.set(.numberLock, isOn: true)
      try input.set(.capsLock, isOn: false)
      try input.play(effect: 0x51, times: 3)
      try input.play(effect: 0x51, times: 0)
      try input.setEffectGain(0xffff)
      #expect(
        bench.model.told == [
          [0x11, 1, 1], [0x11, 0, 1], [0x11, 1, 0], [0x15, 0x51, 3], [0x15, 0x51, 0], [0x15, 0x60, 0xffff],
        ])
    }
    #expect(bench.isClean)
  }

  @Test func light_thatTheDeviceHasNot_isRefused() throws {
    let bench = Bench()
    bench.model.setCodes(0x11, [1])
    do {
      var input = try bench.open()
      let event = InputEvent(.light, code: 2, value: 1)
      #expect(failure { () throws(InputRefusal) in try input.set(.scrollLock, isOn: true) } == .unsupported(event))
      let effect = InputEvent(.effect, code: 9, value: 1)
      #expect(failure { () throws(InputRefusal) in try input.play(effect: 9, times: 1) } == .unsupported(effect))
      let gain = InputEvent(.effect, code: 0x60, value: 7)
      #expect(failure { () throws(InputRefusal) in try input.play(effect: 0x60, times: 7) } == .unsupported(gain))
      #expect(failure { () throws(InputRefusal) in try input.setEffectGain(7) } == .unsupported(gain))
      #expect(bench.model.told == [])
    }
    #expect(bench.isClean)
  }

  @Test func device_thatDoesNotListen_isBusy() throws {
    let bench = Bench()
    bench.model.makeKeyboard()
    do {
      var input = try bench.open()
      bench.device.setManual(true, queue: 1)
      var sent = 0
      while failure({ () throws(InputRefusal) in try input.set(.capsLock, isOn: true) }) == nil { sent += 1 }
      #expect(sent == 8)
      #expect(failure { () throws(InputRefusal) in try input.set(.capsLock, isOn: true) } == .busy)
      bench.device.completeAll(queue: 1)
      try input.set(.capsLock, isOn: false)
    }
    #expect(bench.isClean)
  }

  @Test func shutDown_givesEverythingBack() throws {
    let bench = Bench()
    bench.model.makeKeyboard()
    do {
      var waiter = TestWaiter()
      var input = try bench.open()
      bench.model.send([[1, 30, 1], syn])
      try input.shutDown(waiter: &waiter)
      #expect(input.frames() == [[[1, 30, 1]]])
      #expect(failure { () throws(InputRefusal) in try input.set(.capsLock, isOn: true) } == .deviceReset)
    }
    #expect(bench.isClean)
  }
}
