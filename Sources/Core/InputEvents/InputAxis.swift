/// An axis on which a device tells places, and its range.
public struct InputAxis: Equatable, Sendable {
  /// Some of the axes that there are.
  public enum Code {
    /// From left to right. The Linux constant is `ABS_X`.
    @inlinable public static var x: UInt16 { 0 }
    /// From top to bottom. The Linux constant is `ABS_Y`.
    @inlinable public static var y: UInt16 { 1 }
    /// Which finger the events behind it are about. The Linux constant is `ABS_MT_SLOT`; it and all above are about
    /// fingers.
    @inlinable public static var firstOfFingers: UInt16 { 0x2f }
    /// A finger, from left to right. The Linux constant is `ABS_MT_POSITION_X`.
    @inlinable public static var fingerX: UInt16 { 0x35 }
    /// A finger, from top to bottom. The Linux constant is `ABS_MT_POSITION_Y`.
    @inlinable public static var fingerY: UInt16 { 0x36 }
  }

  /// Which.
  public let code: UInt16
  /// The smallest value, by the device's word.
  public let minimum: Int32
  /// The largest value, by the device's word; never below the smallest.
  public let maximum: Int32
  /// Values this near are the same.
  public let fuzz: Int32
  /// Values this near to the middle are the middle.
  public let flat: Int32
  /// Units in a millimetre; 0 when not told.
  public let resolution: Int32

  /// An axis.
  public init(
    code: UInt16, minimum: Int32, maximum: Int32, fuzz: Int32 = 0, flat: Int32 = 0, resolution: Int32 = 0
  ) {
    precondition(minimum <= maximum, "an axis has a range")
    (self.code, self.minimum, self.maximum) = (code, minimum, maximum)
    (self.fuzz, self.flat, self.resolution) = (fuzz, flat, resolution)
  }

  /// Where a value is on a line of `length` pixels: 0 to `length` - 1, also for values beyond the range. 0 for an axis or a
  /// line without length.
  public func position(of value: Int32, on length: Int) -> Int {
    guard minimum < maximum, length > 1, length <= 1 << 30 else { return 0 }
    let clamped = Int64(min(max(value, minimum), maximum))
    let range = Int64(maximum) - Int64(minimum)
    return Int((clamped - Int64(minimum)) * Int64(length - 1) / range)
  }
}
