extension DMABuffer {
  /// Reads four bytes that the device may write at this very moment: one untorn access through the memory's accessor,
  /// which no compiler leaves out. For a driver that polls a word; what else the device wrote is to be read after
  /// `access.fence()`.
  ///
  /// - Parameter offset: a multiple of 4, with four bytes behind it.
  @inlinable
  public func sharedLoad32(at offset: Int, through access: some SharedAccess) -> UInt32 {
    precondition(offset >= 0 && offset & 3 == 0 && offset <= count - 4 && raw.address & 3 == 0, "shared word")
    // In bounds and aligned: checked above.
    return unsafe access.load32(raw.address + UInt(bitPattern: offset))
  }
}
