extension Transport where Self: ~Copyable {
  /// Reads several fields of the configuration as they were at one moment.
  ///
  /// The device may change its configuration at any time. `body` runs again until the generation before and after it
  /// are the same; on a legacy device, which has no generation, until two results in a row are equal.
  ///
  /// - Parameters:
  ///   - byteCount: how many bytes `body` needs. A larger configuration is normal, a shorter one an error.
  ///   - body: reads through the transport and returns plain values. Must not act on what it reads.
  /// - Throws: `.tooShort`, or `.unsettled` after 32 attempts.
  ///
  /// SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space
  public func readConfiguration<Value: Equatable>(
    byteCount: Int, _ body: (borrowing Self) -> Value
  ) throws(ConfigurationError) -> Value {
    guard configurationByteCount >= byteCount else {
      throw .tooShort(byteCount: configurationByteCount, needed: byteCount)
    }
    let attempts = 32
    if isLegacy {
      var previous = body(self)
      for _ in 0..<attempts {
        let value = body(self)
        if value == previous { return value }
        previous = value
      }
    } else {
      for _ in 0..<attempts {
        let before = readConfigurationGeneration()
        let value = body(self)
        if readConfigurationGeneration() == before { return value }
      }
    }
    throw .unsettled(attempts: attempts)
  }

  /// Reads eight bytes as two halves. Whole only inside `readConfiguration`.
  public func readConfiguration64(at offset: Int) -> UInt64 {
    UInt64(readConfiguration32(at: offset)) | UInt64(readConfiguration32(at: offset + 4)) << 32
  }
}
