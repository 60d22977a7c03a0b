/// An address as the device sees it: physical, I/O virtual, or an offset into shared memory. Never dereferenced here.
@frozen
public struct DeviceAddress: Hashable, Comparable, Sendable {
  /// The address in bytes.
  public var rawValue: UInt64

  /// Wraps a number that the platform knows to be an address for the device.
  @inlinable @inline(__always)
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The address `offset` bytes further on.
  @inlinable @inline(__always)
  public func advanced(by offset: Int) -> DeviceAddress {
    DeviceAddress(rawValue &+ UInt64(bitPattern: Int64(offset)))
  }

  /// Orders by number.
  @inlinable
  public static func < (a: DeviceAddress, b: DeviceAddress) -> Bool { a.rawValue < b.rawValue }
}
