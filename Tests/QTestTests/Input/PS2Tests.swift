import DevicePlatform
import InputEvents
import KeyMaps
import PS2
import QTest
import Testing
import VirtualMachine

extension EmulatedMachines {
  /// The keyboard and the mouse that QEMU's q35 has of its own.
  @Suite struct PS2Tests {
    private let folder: TemporaryFolder
    private let path: String
    private let machine: QTestMachine

    init() throws {
      folder = try TemporaryFolder()
      path = folder.path("screen")
      machine = try QTestMachine(QTestMachine.Configuration(.q35, arguments: ["-vnc", "unix:\(path)"]))
    }

    private func open(_ waiter: inout QTestWaiter) throws -> PS2Controller<QTestRegisters> {
      try PS2Controller(machine.ports(at: 0x60, byteCount: 5), waiter: &waiter)
    }

    @Test func keyboard_text_arrivesAsCharacters() throws {
      var waiter = machine.waiter
      var controller = try open(&waiter)
      #expect(controller.hasKeyboard && controller.hasMouse)
      for key in ["h", "apostrophe", "ret"] { try machine.emulator.send(.key(key)) }
      try machine.emulator.send(.keyState("shift_r", isDown: true))
      try machine.emulator.send(.key("z"))
      try machine.emulator.send(.keyState("shift_r", isDown: false))
      try machine.emulator.send(.key("kp_enter"))
      var keyboard = Keyboard(.german)
      var typed = ""
      var frame = InputFrame()
      while controller.nextKeyboardFrame(&frame) {
        for event in frame {
          if let character = keyboard.take(event, now: waiter.now)?.character { typed.unicodeScalars.append(character) }
        }
      }
      #expect(typed == "hä\nY\n" && keyboard.modifiers == [])
    }

    @Test func mouse_motionButtonsAndWheel_arrive() throws {
      var waiter = machine.waiter
      var controller = try open(&waiter)
      try machine.emulator.send(.move(x: 5, y: -7))
      try machine.emulator.send(.button("right", isDown: true))
      try machine.emulator.send(.button("wheel-up", isDown: true))
      var frame = InputFrame()
      var events: [Event] = []
      while controller.nextMouseFrame(&frame) { events += frame }
      #expect(
        events.contains(Event(.key, code: 0x111, value: 1)) && events.contains(Event(.relative, code: 8, value: 1)))
      let motion = events.filter { $0.type == .relative && $0.code < 2 }
      #expect(motion == [Event(.relative, code: 0, value: 5), Event(.relative, code: 1, value: -7)])
      #expect(controller.strayByteCount == 0)
    }

    @Test func lights_areSeen() throws {
      var waiter = machine.waiter
      var controller = try open(&waiter)
      let client = try VNCClient(path: path)
      for (light, isOn, expected) in [(.capsLock, true, 4), (.scrollLock, true, 5), (.capsLock, false, 1)]
        as [(InputLight, Bool, UInt8)]
      {
        try controller.set(light, isOn: isOn, waiter: &waiter)
        let isSeen = try client.watch(milliseconds: 10_000) { $0.lights == expected }
        #expect(isSeen, "\(light) \(isOn)")
      }
    }
  }
}
