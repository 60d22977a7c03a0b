public import DevicePlatform
public import VirtIO

/// A device behind one window of memory-mapped registers, modern (version 2) or legacy (version 1).
///
/// The version is read once and decides for good. Finding the window (device tree, command line) is the caller's job,
/// and so is mapping it.
///
/// SPEC: Virtio Transport Options / Virtio Over MMIO
public struct MMIOTransport<Registers: RegisterAccess, Memory: DMAMemory>: Transport, ~Copyable, Sendable {
  let registers: Registers
  /// Where this device's rings and buffers come from.
  public let memory: Memory
  /// Which device this is.
  public let identity = DeviceIdentity()
  /// What the device is; never `.none`.
  public let deviceType: DeviceType
  /// True for version 1.
  public let isLegacy: Bool
  /// Where the device is, as the caller called it.
  public let location: String

  /// Looks at a window: is there a device that can be driven?
  ///
  /// Reads magic value, version and device ID, in that order and once each, and touches nothing else.
  ///
  /// - Parameters:
  ///   - registers: the device's window, at least 0x100 bytes; what follows is the device-specific configuration.
  ///   - memory: where its rings and buffers will come from.
  ///   - policy: whether a legacy device is welcome.
  ///   - location: what logs call the device.
  /// - Throws: `.windowOutOfRange`, `.noMagic`, `.unknownVersion`, `.noDevice` for an empty slot (which is no fault and
  ///   not to be reported as one), `.legacyRefused`.
  ///
  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over MMIO / MMIO-specific Initialization And Device
  /// Operation / Device Initialization
  public init(
    registers: Registers, memory: Memory, policy: MMIOVersionPolicy = .any, location: String = "mmio"
  ) throws(TransportError) {
    guard registers.byteCount >= MMIORegister.configuration else {
      throw .windowOutOfRange(
        "MMIO register window", offset: 0, byteCount: UInt64(MMIORegister.configuration),
        limit: UInt64(max(0, registers.byteCount)))
    }
    let magic = registers.load32(at: MMIORegister.magicValue)
    guard magic == MMIORegister.magic else { throw .noMagic(found: magic) }
    let version = registers.load32(at: MMIORegister.version)
    guard version == 1 || version == 2 else { throw .unknownVersion(version) }
    let type = DeviceType(rawValue: registers.load32(at: MMIORegister.deviceID))
    // Before the policy: an empty slot is silent whatever version it claims.
    guard type != .none else { throw .noDevice }
    guard version == 2 || policy == .any else { throw .legacyRefused }
    self.registers = registers
    self.memory = memory
    self.location = location
    deviceType = type
    isLegacy = version == 1
  }

  // MARK: Status

  /// Reads the device status; bits above the lowest eight do not exist.
  public func readStatus() -> DeviceStatus {
    DeviceStatus(rawValue: UInt8(truncatingIfNeeded: registers.load32(at: MMIORegister.status)))
  }

  /// Writes the device status; zero resets the device.
  public func writeStatus(_ status: DeviceStatus) {
    registers.store32(UInt32(status.rawValue), at: MMIORegister.status)
  }

  // MARK: Features

  /// 1 for a legacy device, else 2: words above are not asked for, because known devices answer them with word 1
  /// (decision record 0001).
  public var featureWordCount: Int { isLegacy ? 1 : 2 }

  /// Reads word `index` of the features that the device offers.
  public func readDeviceFeatures(word index: Int) -> UInt32 {
    precondition(0..<featureWordCount ~= index, "feature word")
    registers.store32(UInt32(index), at: MMIORegister.deviceFeaturesSelect)
    return registers.load32(at: MMIORegister.deviceFeatures)
  }

  /// Writes word `index` of the features that the driver accepts.
  public func writeDriverFeatures(_ value: UInt32, word index: Int) {
    precondition(0..<featureWordCount ~= index, "feature word")
    registers.store32(UInt32(index), at: MMIORegister.driverFeaturesSelect)
    registers.store32(value, at: MMIORegister.driverFeatures)
  }
}
