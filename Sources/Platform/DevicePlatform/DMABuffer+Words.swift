/// Little-endian numbers in a buffer that a device filled, each read once and at once.
///
/// The buffer's memory starts at a multiple of the number's width, as `DMAMemory.allocate` promises for its alignment.
extension DMABuffer {
  /// True when both sides see the buffer at a multiple of 8.
  @inlinable @inline(__always)
  public var isWordAligned: Bool { (raw.address | UInt(truncatingIfNeeded: raw.deviceAddress)) & 7 == 0 }

  /// Two bytes at a multiple of 2.
  @inlinable @inline(__always)
  public func load16(at offset: Int) -> UInt16 {
    unsafe UInt16(littleEndian: DirectAccess().load16(place(offset, 2)))
  }

  /// Eight bytes at a multiple of 8.
  @inlinable @inline(__always)
  public func load64(at offset: Int) -> UInt64 {
    unsafe UInt64(littleEndian: DirectAccess().load64(place(offset, 8)))
  }

  @inlinable @inline(__always)
  func place(_ offset: Int, _ width: Int) -> UInt {
    let address = raw.address &+ UInt(bitPattern: offset)
    precondition(
      offset >= 0 && offset <= count - width && address & UInt(width - 1) == 0, "an aligned number in a DMA buffer")
    return address
  }
}
