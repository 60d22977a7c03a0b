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

extension DMABuffer {
  /// The contents as words of 32 bits, as many as are whole, in the order of bytes that they have in memory. The buffer's
  /// memory starts at a multiple of 4.
  @inlinable
  public var mutableWords: MutableSpan<UInt32> {
    @_lifetime(&self)
    mutating get {
      precondition(raw.address & 3 == 0, "words in a DMA buffer")
      // The whole words of memory that this value owns.
      let words = unsafe UnsafeMutableBufferPointer<UInt32>(
        start: UnsafeMutablePointer(bitPattern: raw.address), count: count / 4)
      return unsafe _overrideLifetime(MutableSpan(_unsafeElements: words), mutating: &self)
    }
  }
}
