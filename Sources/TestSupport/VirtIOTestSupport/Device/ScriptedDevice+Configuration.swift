import VirtIO

/// The device-specific configuration.
///
/// SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space
extension ScriptedDevice {
  /// Changes bytes of the configuration from the device's side: a new generation, and an interrupt once the driver
  /// is there.
  public func changeConfiguration(at offset: Int, to bytes: [UInt8]) {
    configuration.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    generation &+= 1
    if status.contains(.driverOK) { interrupt(cause: 2) }
  }

  func readGeneration() -> UInt32 {
    if hostility.generationNeverSettles { generation &+= 1 }
    return generation
  }

  func readConfiguration(at offset: Int, byteCount: Int) -> UInt32 {
    onConfigurationRead?()
    guard checkConfiguration(offset: offset, byteCount: byteCount, "read") else { return 0 }
    let value = configuration[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    if hostility.configurationChanges > 0 {
      hostility.configurationChanges -= 1
      for index in configuration.indices { configuration[index] &+= 1 }
      generation &+= 1
    }
    return value
  }

  func writeConfiguration(_ value: UInt32, at offset: Int, byteCount: Int) {
    let isEarly = !status.contains(isLegacy ? .driver : .featuresOK)
    if isEarly, !earlyWritableConfiguration.contains(offset) {
      record("configuration written before \(isLegacy ? "DRIVER" : "FEATURES_OK")")
    }
    guard checkConfiguration(offset: offset, byteCount: byteCount, "written") else { return }
    for index in 0..<byteCount { configuration[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
    onConfigurationWrite?(offset..<offset + byteCount)
  }

  private func checkConfiguration(offset: Int, byteCount: Int, _ verb: String) -> Bool {
    if offset + byteCount > configuration.count {
      record("configuration \(verb) at \(hex(offset)), \(byteCount) bytes: behind its \(configuration.count) bytes")
      return false
    }
    if let fields = configurationFields, fields[offset] != byteCount {
      let expected = fields[offset].map { "\($0) bytes" } ?? "no field there"
      record("configuration \(verb) at \(hex(offset)) by \(byteCount) bytes, expected \(expected)")
    }
    return true
  }
}
