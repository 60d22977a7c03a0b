/// Where a function is: bus, device, function. Segment 0 only.
@frozen
public struct PCIAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The three numbers as configuration requests carry them: 8 bits of bus, 5 of device, 3 of function.
  public let rawValue: UInt16

  /// Unpacks 8 bits of bus, 5 of device, 3 of function.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The function at `bus`, `device` (0 ... 31), `function` (0 ... 7).
  public init(bus: UInt8, device: UInt8, function: UInt8 = 0) {
    precondition(device < 32 && function < 8, "a bus has 32 devices of 8 functions")
    rawValue = UInt16(bus) << 8 | UInt16(device) << 3 | UInt16(function)
  }

  /// The bus number.
  public var bus: UInt8 { UInt8(rawValue >> 8) }
  /// The device number on the bus, 0 ... 31.
  public var device: UInt8 { UInt8(rawValue >> 3 & 31) }
  /// The function number in the device, 0 ... 7.
  public var function: UInt8 { UInt8(rawValue & 7) }

  /// Orders by bus, device, function.
  public static func < (a: PCIAddress, b: PCIAddress) -> Bool { a.rawValue < b.rawValue }

  /// As `00:04.0`, in hexadecimal.
  public var description: String { twoDigits(bus) + ":" + twoDigits(device) + "." + String(function) }
}

/// A byte as two hexadecimal digits.
func twoDigits(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }

/// A number as `0x1f`.
func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
