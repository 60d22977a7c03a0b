/// One thing that an input device tells, or is told: as Linux' input layer numbers them.
@frozen
public struct InputEvent: Equatable, Hashable, Sendable {
  /// What kind.
  public var type: InputEventType
  /// Which key, axis, light, ...
  public var code: UInt16
  /// How: 1 pressed, 0 released, 2 repeated; a place; a distance, which can be negative.
  public var value: Int32

  /// An event.
  @inlinable
  public init(_ type: InputEventType, code: UInt16, value: Int32) {
    (self.type, self.code, self.value) = (type, code, value)
  }

  /// It is the end of a frame. The Linux constant is `SYN_REPORT`.
  @inlinable public var isReport: Bool { type.rawValue == 0 && code == 0 }
  /// The device lost something: the frame that it is in is worth nothing. The Linux constant is `SYN_DROPPED`.
  @inlinable public var isDropped: Bool { type.rawValue == 0 && code == 3 }

  /// Type and code are among those that there are.
  @inlinable
  public var isKnown: Bool {
    guard let maximum = type.maximumCode else { return false }
    return code <= maximum
  }

  /// It says where something is or how far it moved, and the next one of its kind can stand for it. Fingers of a touch
  /// screen are told by several events that belong together: not those.
  @inlinable
  public var isMotion: Bool {
    switch type.rawValue {
    case 2: true
    case 3: code < InputAxis.Code.firstOfFingers
    default: false
    }
  }

  /// It is about the same key, axis or light.
  @inlinable
  func isSame(as other: InputEvent) -> Bool { type.rawValue == other.type.rawValue && code == other.code }
}
