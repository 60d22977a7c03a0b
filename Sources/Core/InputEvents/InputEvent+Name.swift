extension InputEvent {
  /// What it is about, by Linux' constants: `KEY_A`, `BTN_LEFT`, `REL_X`, `ABS_MT_SLOT`; type and number where there is none
  /// here.
  public var name: String {
    let known: String? =
      switch type.rawValue {
      case 1: InputNames.key(code)
      case 2: InputNames.find(code, InputNames.distances).map { "REL_" + $0 }
      case 3: InputNames.place(code).map { "ABS_" + $0 }
      case 0x11: InputNames.find(code, InputNames.lights).map { "LED_" + $0 }
      default: nil
      }
    return known ?? "\(type.name) \(code)"
  }
}

extension InputEventType {
  /// The Linux constant; the number for a type that is not known.
  public var name: String {
    switch rawValue {
    case 0: "EV_SYN"
    case 1: "EV_KEY"
    case 2: "EV_REL"
    case 3: "EV_ABS"
    case 4: "EV_MSC"
    case 5: "EV_SW"
    case 0x11: "EV_LED"
    case 0x12: "EV_SND"
    case 0x14: "EV_REP"
    case 0x15: "EV_FF"
    default: "type \(rawValue)"
    }
  }
}

/// Names by number, as Linux has them in `input-event-codes.h`.
private enum InputNames {
  /// The word of this number, from 0; nil for `-`, and behind the last.
  // Words and not an array of strings: Embedded Swift lays out such a constant, if none is longer than 15 bytes, so that
  // aarch64 reads it wrongly.
  static func find(_ code: UInt16, _ names: String) -> String? {
    var number = 0
    for word in names.utf8.split(separator: UInt8(ascii: " ")) {
      if number == Int(code) {
        return word.count == 1 && word.first == UInt8(ascii: "-") ? nil : String(Substring(word))
      }
      number += 1
    }
    return nil
  }

  static func key(_ code: UInt16) -> String? {
    switch code {
    case 0x110..<0x118: find(code - 0x110, buttons).map { "BTN_" + $0 }
    case 0x140: "BTN_TOOL_PEN"
    case 0x145: "BTN_TOOL_FINGER"
    case 0x14a: "BTN_TOUCH"
    default: find(code, keys).map { "KEY_" + $0 }
    }
  }

  static func place(_ code: UInt16) -> String? {
    switch code {
    case 0x2f: "MT_SLOT"
    case 0x35: "MT_POSITION_X"
    case 0x36: "MT_POSITION_Y"
    case 0x39: "MT_TRACKING_ID"
    default: find(code, places)
    }
  }

  /// By number, from 0.
  static var keys: String {
    """
    - ESC 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE TAB Q W E R T Y U I O P LEFTBRACE RIGHTBRACE ENTER LEFTCTRL \
    A S D F G H J K L SEMICOLON APOSTROPHE GRAVE LEFTSHIFT BACKSLASH Z X C V B N M COMMA DOT SLASH RIGHTSHIFT \
    KPASTERISK LEFTALT SPACE CAPSLOCK F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NUMLOCK SCROLLLOCK KP7 KP8 KP9 KPMINUS KP4 \
    KP5 KP6 KPPLUS KP1 KP2 KP3 KP0 KPDOT - ZENKAKUHANKAKU 102ND F11 F12 RO KATAKANA HIRAGANA HENKAN \
    KATAKANAHIRAGANA MUHENKAN KPJPCOMMA KPENTER RIGHTCTRL KPSLASH SYSRQ RIGHTALT LINEFEED HOME UP PAGEUP LEFT \
    RIGHT END DOWN PAGEDOWN INSERT DELETE MACRO MUTE VOLUMEDOWN VOLUMEUP POWER KPEQUAL KPPLUSMINUS PAUSE SCALE \
    KPCOMMA HANGEUL HANJA YEN LEFTMETA RIGHTMETA COMPOSE
    """
  }

  static var buttons: String { "LEFT RIGHT MIDDLE SIDE EXTRA FORWARD BACK TASK" }
  static var distances: String { "X Y Z RX RY RZ HWHEEL DIAL WHEEL MISC - WHEEL_HI_RES HWHEEL_HI_RES" }
  static var places: String { "X Y Z RX RY RZ THROTTLE RUDDER WHEEL GAS BRAKE" }
  static var lights: String { "NUML CAPSL SCROLLL" }
}
