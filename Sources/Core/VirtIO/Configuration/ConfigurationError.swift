/// What is wrong with a device's configuration.
public enum ConfigurationError: Error, Equatable, Sendable {
  /// The configuration changed during every attempt to read it.
  case unsettled(attempts: Int)
  /// The configuration ends before a field that a negotiated feature promises.
  case tooShort(byteCount: Int, needed: Int)
  /// A field has a value that the spec forbids or that cannot be worked with.
  case invalid(field: ConfigurationField, value: UInt64)

  /// The error in one line.
  public var words: String {
    switch self {
    case .unsettled(let attempts): "the configuration changed during each of \(attempts) reads"
    case .tooShort(let byteCount, let needed):
      "the configuration has \(byteCount) bytes, the negotiated features need \(needed)"
    case .invalid(let field, let value): "configuration field \(field.name) has the impossible value \(value)"
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    switch self {
    case .unsettled, .tooShort:
      "drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space"
    case .invalid: nil
    }
  }
}

/// A configuration field's name, as the spec spells it.
public struct ConfigurationField: Equatable, Sendable {
  /// The name.
  public let name: String
  /// A field of this name.
  public init(_ name: String) { self.name = name }
}
