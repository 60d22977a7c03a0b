extension DMABuffer {
  /// One byte of the contents.
  @inlinable
  public subscript(offset: Int) -> UInt8 {
    get { unsafe bytes.unsafeLoad(fromByteOffset: checked(offset), as: UInt8.self) }
    set {
      let offset = checked(offset)
      var contents = mutableBytes
      contents.storeBytes(of: newValue, toByteOffset: offset, as: UInt8.self)
    }
  }

  @inlinable
  func checked(_ offset: Int) -> Int {
    precondition(offset >= 0 && offset < count, "offset in a DMA buffer")
    return offset
  }

  /// Copies the first bytes of the contents out.
  ///
  /// - Parameter destination: overwritten from its start with as many bytes as both have.
  /// - Returns: how many that were.
  @discardableResult
  public func copyBytes(to destination: inout MutableRawSpan) -> Int {
    let byteCount = min(count, destination.byteCount)
    let source = bytes
    unsafe destination.withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { source in
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[0..<byteCount]))
      }
    }
    return byteCount
  }

  /// Copies bytes into the start of the contents.
  ///
  /// - Parameter source: as many of its bytes are copied as both have.
  /// - Returns: how many that were.
  @discardableResult
  public mutating func copyBytes(from source: RawSpan) -> Int {
    let byteCount = min(count, source.byteCount)
    var target = mutableBytes
    unsafe target.withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { source in
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[0..<byteCount]))
      }
    }
    return byteCount
  }

  /// A copy of the first `byteCount` bytes.
  public func array(_ byteCount: Int) -> [UInt8] {
    precondition(byteCount >= 0 && byteCount <= count, "bytes of a DMA buffer")
    return unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0[0..<byteCount]) }
  }
}
