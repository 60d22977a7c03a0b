/// What an input device says about itself, checked.
public struct InputDescription: Equatable, Sendable {
  /// Its name; empty if it has none. What is not ASCII is as the device wrote it.
  public var name = ""
  /// Its serial number; empty if it has none.
  public var serial = ""
  /// Bus, vendor, product, version, as Linux numbers them; nil if not told.
  public var identity: InputIdentity?
  /// Properties. The Linux constants begin with `INPUT_PROP_`.
  public var properties = InputBits()
  private var codes: [InputCodes] = []
  private var axes: [InputAxis] = []

  /// A device that can do nothing yet.
  public init() {}

  /// It tells, or takes, events of this type, perhaps with none of the codes that there are.
  public mutating func add(_ type: InputEventType, _ bits: InputBits = InputBits()) {
    codes.removeAll { $0.type == type }
    codes.append(InputCodes(type: type, bits: bits))
  }

  /// It tells places on this axis.
  public mutating func add(_ axis: InputAxis) {
    axes.removeAll { $0.code == axis.code }
    axes.append(axis)
  }

  /// It tells, or takes, events of this type.
  public func supports(_ type: InputEventType) -> Bool { bits(of: type) != nil }
  /// It tells, or takes, this event.
  public func supports(_ type: InputEventType, code: UInt16) -> Bool { bits(of: type)?.contains(code) ?? false }
  /// The range of an axis; nil if it has no such axis, or did not tell.
  public func axis(_ code: UInt16) -> InputAxis? { axes.first { $0.code == code } }
  /// It has this light.
  public func has(_ light: InputLight) -> Bool { supports(.light, code: light.rawValue) }

  /// What it is, by what it can do.
  public var kind: InputKind { InputKind(self) }

  private func bits(of type: InputEventType) -> InputBits? { codes.first { $0.type == type }?.bits }
}

/// The codes of one type.
struct InputCodes: Equatable, Sendable {
  let type: InputEventType
  let bits: InputBits
}

/// Who made an input device.
public struct InputIdentity: Equatable, Sendable {
  /// How it is connected; 6 is a virtual device. The Linux constants begin with `BUS_`.
  public let bus: UInt16
  /// The maker's number.
  public let vendor: UInt16
  /// The maker's number for it.
  public let product: UInt16
  /// Which version.
  public let version: UInt16

  /// An identity.
  public init(bus: UInt16, vendor: UInt16, product: UInt16, version: UInt16) {
    (self.bus, self.vendor, self.product, self.version) = (bus, vendor, product, version)
  }
}

/// A set of codes.
public struct InputBits: Equatable, Sendable {
  private var bytes: [UInt8]

  /// A set of bits: code 0 is the lowest bit of the first byte.
  public init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  /// The code is among them.
  public func contains(_ code: UInt16) -> Bool {
    let place = Int(code >> 3)
    return place < bytes.count && bytes[place] & (1 << UInt8(code & 7)) != 0
  }

  /// Adds a code.
  public mutating func insert(_ code: UInt16) {
    let place = Int(code >> 3)
    while bytes.count <= place { bytes.append(0) }
    bytes[place] |= 1 << UInt8(code & 7)
  }

  /// None is.
  public var isEmpty: Bool { bytes.allSatisfy { $0 == 0 } }
}
