/// What an input device is.
public enum InputKind: Equatable, Sendable {
  /// It has letters.
  case keyboard
  /// It tells distances.
  case mouse
  /// It tells places, and has buttons.
  case tablet
  /// It tells where fingers are on a screen.
  case touchscreen
  /// None of these: a few buttons, a joystick, a switch.
  case other

  init(_ description: InputDescription) {
    let hasPlaces =
      description.supports(.absolute, code: InputAxis.Code.x) && description.supports(.absolute, code: InputAxis.Code.y)
    let hasFingers =
      description.supports(.absolute, code: InputAxis.Code.fingerX)
      && description.supports(.absolute, code: InputAxis.Code.fingerY)
    // The bit of INPUT_PROP_DIRECT.
    let isDirect = description.properties.contains(1)
    let (hasLeftButton, hasTouch) = (description.supports(.key, code: 0x110), description.supports(.key, code: 0x14a))
    if hasFingers || isDirect && hasPlaces && hasTouch {
      self = .touchscreen
    } else if hasPlaces, hasLeftButton || hasTouch {
      self = .tablet
    } else if hasLeftButton, description.supports(.relative, code: 0), description.supports(.relative, code: 1) {
      self = .mouse
    } else if (UInt16(16)...25).allSatisfy({ description.supports(.key, code: $0) }) {
      // From Q to P.
      self = .keyboard
    } else {
      self = .other
    }
  }

  /// What it is, in a word.
  public var name: String {
    switch self {
    case .keyboard: "keyboard"
    case .mouse: "mouse"
    case .tablet: "tablet"
    case .touchscreen: "touch screen"
    case .other: "other"
    }
  }
}
