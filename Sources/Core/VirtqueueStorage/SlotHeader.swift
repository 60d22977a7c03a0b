public import DevicePlatform

/// The header of a request while the driver fills it in. Only ever lent to a closure.
///
/// Values are stored little-endian, as every header of a modern device is; a legacy device uses the driver's own order,
/// which is the same on every supported processor.
@frozen
@safe
public struct SlotHeader<Access: SharedAccess>: ~Copyable {
  @usableFromInline let access: Access
  @usableFromInline let address: UInt
  /// The header's size.
  public let byteCount: UInt32

  @inlinable @inline(__always)
  init(access: Access, address: UInt, byteCount: UInt32) {
    self.access = access
    self.address = address
    self.byteCount = byteCount
  }

  /// Stores two bytes at a multiple of 2.
  @inlinable @inline(__always)
  public func store(_ value: UInt16, at offset: UInt32) {
    precondition(offset & 1 == 0 && offset &+ 2 <= byteCount, "header offset")
    unsafe access.store16(value.littleEndian, address &+ UInt(offset))
  }

  /// Stores four bytes at a multiple of 4.
  @inlinable @inline(__always)
  public func store(_ value: UInt32, at offset: UInt32) {
    precondition(offset & 3 == 0 && offset &+ 4 <= byteCount, "header offset")
    unsafe access.store32(value.littleEndian, address &+ UInt(offset))
  }

  /// Stores eight bytes at a multiple of 8.
  @inlinable @inline(__always)
  public func store(_ value: UInt64, at offset: UInt32) {
    precondition(offset & 7 == 0 && offset &+ 8 <= byteCount, "header offset")
    unsafe access.store64(value.littleEndian, address &+ UInt(offset))
  }
}
