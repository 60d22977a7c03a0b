/// Kinds of events; open, because there are more than are named here.
@frozen
public struct InputEventType: RawRepresentable, Hashable, Sendable {
  /// The number.
  public var rawValue: UInt16
  /// Any number is a type, known or not.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The end of a frame, or a gap. The Linux constant is `EV_SYN`.
  @inlinable public static var synchronization: InputEventType { InputEventType(rawValue: 0) }
  /// Keys and buttons. The Linux constant is `EV_KEY`.
  @inlinable public static var key: InputEventType { InputEventType(rawValue: 1) }
  /// Distances. The Linux constant is `EV_REL`.
  @inlinable public static var relative: InputEventType { InputEventType(rawValue: 2) }
  /// Places. The Linux constant is `EV_ABS`.
  @inlinable public static var absolute: InputEventType { InputEventType(rawValue: 3) }
  /// What fits nowhere else. The Linux constant is `EV_MSC`.
  @inlinable public static var miscellaneous: InputEventType { InputEventType(rawValue: 4) }
  /// Switches, such as a lid's. The Linux constant is `EV_SW`.
  @inlinable public static var toggle: InputEventType { InputEventType(rawValue: 5) }
  /// Lights. The Linux constant is `EV_LED`.
  @inlinable public static var light: InputEventType { InputEventType(rawValue: 0x11) }
  /// Beeps. The Linux constant is `EV_SND`.
  @inlinable public static var sound: InputEventType { InputEventType(rawValue: 0x12) }
  /// Repetition of keys. The Linux constant is `EV_REP`.
  @inlinable public static var repetition: InputEventType { InputEventType(rawValue: 0x14) }
  /// Effects: rumbling, resisting. The Linux constant is `EV_FF`.
  @inlinable public static var effect: InputEventType { InputEventType(rawValue: 0x15) }

  /// All types that a device can list codes for.
  public static var described: [InputEventType] {
    [.key, .relative, .absolute, .miscellaneous, .toggle, .light, .sound, .repetition, .effect]
  }

  /// The highest code of this type; nil for a type that is not known.
  @inlinable
  public var maximumCode: UInt16? {
    // By number: the comparison of two types is another module's function.
    switch rawValue {
    case 0: 0xf
    case 1: 0x2ff
    case 2: 0xf
    case 3: 0x3f
    case 4: 7
    case 5: 0x11
    case 0x11: 0xf
    case 0x12: 7
    case 0x14: 1
    case 0x15: 0x7f
    default: nil
    }
  }
}
