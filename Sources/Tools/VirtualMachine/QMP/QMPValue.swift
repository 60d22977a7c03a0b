/// A JSON value as QMP speaks it.
public enum QMPValue: Equatable, Sendable {
  /// Names and their values.
  case object([String: QMPValue])
  /// Values in their order.
  case array([QMPValue])
  /// Text.
  case string(String)
  /// A whole number.
  case integer(Int64)
  /// A whole number above those.
  case large(UInt64)
  /// Any other number.
  case number(Double)
  /// True or false.
  case boolean(Bool)
  /// Nothing.
  case null

  /// The member of an object; nil for anything else.
  public subscript(name: String) -> QMPValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The elements of an array; nil for anything else.
  public var elements: [QMPValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The text of a string; nil for anything else.
  public var text: String? { if case .string(let text) = self { text } else { nil } }
  /// Whether it is true; nil for anything but a truth value.
  public var isTrue: Bool? { if case .boolean(let value) = self { value } else { nil } }
  /// The value of a whole number that is not negative; nil for anything else.
  public var unsigned: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .large(let value): value
    default: nil
    }
  }
}

extension QMPValue: Codable {
  /// Reads any JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // What QMP has most of comes first: each attempt that fails throws.
    if let value = try? container.decode([String: QMPValue].self) {
      self = .object(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(UInt64.self) {
      self = .large(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .array(try container.decode([QMPValue].self))
    }
  }

  /// Writes the JSON value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .object(let members): try container.encode(members)
    case .array(let elements): try container.encode(elements)
    case .string(let text): try container.encode(text)
    case .integer(let value): try container.encode(value)
    case .large(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .boolean(let value): try container.encode(value)
    case .null: try container.encodeNil()
    }
  }
}
