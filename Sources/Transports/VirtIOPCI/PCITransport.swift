public import DevicePlatform
public import PCI
public import VirtIO

/// A device behind a PCI function, modern (version 1 and later) or legacy.
///
/// The function's capabilities decide once: where they lead to VirtIO structures, these are used, on transitional
/// devices too; a transitional ID without them means a legacy device, which has its registers in an I/O BAR.
///
/// Finding the function, and placing its BARs where no firmware did, is the caller's job: `PCIBus.enumerate` and
/// `PCIBus.place`.
///
/// SPEC: Virtio Transport Options / Virtio Over PCI Bus
public struct PCITransport<Registers: RegisterAccess, Memory: DMAMemory>: Transport, ~Copyable, Sendable {
  let windows: PCIWindows<Registers>
  /// The MSI-X table; nil while interrupts come by the line.
  let messages: PCIMessageTable<Registers>?
  /// Where this device's rings and buffers come from.
  public let memory: Memory
  /// Which device this is.
  public let identity = DeviceIdentity()
  /// What the device is; never `.none`.
  public let deviceType: DeviceType
  /// Where the device is, as `pci 00:04.0`.
  public let location: String

  /// True for a device without VirtIO capabilities.
  public var isLegacy: Bool { windows.isLegacy }
  /// The common configuration, or the legacy registers.
  var common: Registers { windows.common }

  /// Looks at a function: is there a device that can be driven?
  ///
  /// Everything that the capabilities say is read once and checked here. Then, and only if all is well, decoding and bus
  /// mastering are switched on, and MSI-X on or off. The device itself is not touched.
  ///
  /// - Parameters:
  ///   - function: one that `PCIDeviceIdentity` knows.
  ///   - placement: where its BARs are.
  ///   - bus: the bus that the function was found on.
  ///   - mapper: makes register windows.
  ///   - memory: where the device's rings and buffers will come from.
  ///   - policy: whether a legacy device is welcome.
  ///   - messages: interrupt messages that the device may send: the first for the configuration, the others for queues
  ///     in turn, a single one for all. Without any, or where the function has no MSI-X, `messageCount` is 0 and
  ///     interrupts come by the line. Not used for legacy devices, whose registers move with MSI-X on.
  /// - Throws: `.noDevice` for a function that is no VirtIO device; `.legacyRefused`; `.missing`, `.barUnusable`,
  ///   `.windowOutOfRange` or `.malformedCapability` for a structure that is needed and cannot be used; of a legacy
  ///   device also `.unknownRevision`.
  ///
  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Discovery
  public init<Access: ConfigurationAccess, Mapper: RegisterMapper>(
    function: PCIFunction, placement: Placement, bus: PCIBus<Access>, mapper: Mapper, memory: Memory,
    policy: PCIInterfacePolicy = .any, messages: [InterruptMessage] = []
  ) throws(TransportError) where Mapper.Registers == Registers {
    let type = PCIDeviceIdentity.deviceType(of: function)
    guard type != .none else { throw .noDevice }
    let capabilities = bus.capabilities(of: function.address)
    let structures = try PCIStructures(
      of: function, access: bus.access, capabilities: capabilities, placement: placement)
    guard !structures.isLegacy || policy == .any else { throw .legacyRefused }
    let windows =
      structures.isLegacy
      ? try PCIWindows(legacy: function, placement: placement, mapper: mapper)
      : try PCIWindows(structures, placement: placement, mapper: mapper)

    let msix = MSIXCapability(of: function.address, capabilities: capabilities, access: bus.access)
    let usesMessages = msix != nil && !messages.isEmpty && !windows.isLegacy
    // The table is in a BAR, so decoding has to be on before it can be written.
    if !usesMessages { msix?.setEnabled(false, of: function.address, access: bus.access) }
    bus.enable(function, placement)
    var table: PCIMessageTable<Registers>?
    if let msix, usesMessages {
      table = try PCIMessageTable(msix, messages: messages, placement: placement, mapper: mapper)
      msix.setEnabled(true, of: function.address, access: bus.access)
    }

    self.windows = windows
    self.messages = table
    self.memory = memory
    deviceType = type
    location = "pci " + function.address.description
  }

  // MARK: Status

  /// Reads the device status.
  public func readStatus() -> DeviceStatus { DeviceStatus(rawValue: common.load8(at: statusOffset)) }

  /// Writes the device status; zero resets the device.
  public func writeStatus(_ status: DeviceStatus) { common.store8(status.rawValue, at: statusOffset) }

  private var statusOffset: Int { isLegacy ? PCILegacyRegister.deviceStatus : PCICommonRegister.deviceStatus }

  // MARK: Features

  /// 1 for a legacy device, else 4: the device shows nothing in words that it does not know.
  ///
  /// SPEC: devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Common configuration
  /// structure layout
  public var featureWordCount: Int { isLegacy ? 1 : 4 }

  /// Reads word `index` of the features that the device offers.
  public func readDeviceFeatures(word index: Int) -> UInt32 {
    precondition(0..<featureWordCount ~= index, "feature word")
    if isLegacy { return common.load32(at: PCILegacyRegister.deviceFeatures) }
    common.store32(UInt32(index), at: PCICommonRegister.deviceFeatureSelect)
    return common.load32(at: PCICommonRegister.deviceFeature)
  }

  /// Writes word `index` of the features that the driver accepts.
  public func writeDriverFeatures(_ value: UInt32, word index: Int) {
    precondition(0..<featureWordCount ~= index, "feature word")
    if isLegacy { return common.store32(value, at: PCILegacyRegister.driverFeatures) }
    common.store32(UInt32(index), at: PCICommonRegister.driverFeatureSelect)
    common.store32(value, at: PCICommonRegister.driverFeature)
  }
}
