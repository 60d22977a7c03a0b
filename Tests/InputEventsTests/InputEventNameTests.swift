import InputEvents
import Testing

struct InputEventNameTests {
  private func name(_ type: InputEventType, _ code: UInt16) -> String { InputEvent(type, code: code, value: 1).name }

  /// Numbers from Linux' `input-event-codes.h`: an entry too many or too few would move those behind it.
  @Test func keys_haveLinuxNames() {
    let keys: [(UInt16, String)] = [
      (1, "ESC"), (14, "BACKSPACE"), (16, "Q"), (28, "ENTER"), (42, "LEFTSHIFT"), (57, "SPACE"), (58, "CAPSLOCK"),
      (70, "SCROLLLOCK"), (83, "KPDOT"), (86, "102ND"), (88, "F12"), (96, "KPENTER"), (100, "RIGHTALT"),
      (111, "DELETE"),
      (119, "PAUSE"), (125, "LEFTMETA"), (127, "COMPOSE"),
    ]
    for (code, key) in keys { #expect(name(.key, code) == "KEY_" + key) }
    #expect(name(.key, 0x110) == "BTN_LEFT" && name(.key, 0x117) == "BTN_TASK" && name(.key, 0x14a) == "BTN_TOUCH")
  }

  @Test func motionAndLights_haveLinuxNames() {
    #expect(name(.relative, 0) == "REL_X" && name(.relative, 8) == "REL_WHEEL")
    #expect(name(.absolute, 1) == "ABS_Y" && name(.absolute, 0x35) == "ABS_MT_POSITION_X")
    #expect(name(.light, 1) == "LED_CAPSL")
  }

  @Test func othersAreNumbers() {
    #expect(name(.key, 0) == "EV_KEY 0" && name(.key, 84) == "EV_KEY 84" && name(.key, 0xffff) == "EV_KEY 65535")
    #expect(name(.relative, 10) == "EV_REL 10" && name(.miscellaneous, 4) == "EV_MSC 4")
    #expect(name(InputEventType(rawValue: 99), 7) == "type 99 7")
  }
}
