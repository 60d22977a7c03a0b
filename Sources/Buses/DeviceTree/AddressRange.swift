/// A range of addresses.
public struct AddressRange: Hashable, Sendable {
  /// The first byte's address.
  public var address: UInt64
  /// The size in bytes.
  public var byteCount: UInt64

  /// The `byteCount` bytes from `address` on.
  public init(address: UInt64, byteCount: UInt64) {
    self.address = address
    self.byteCount = byteCount
  }
}
