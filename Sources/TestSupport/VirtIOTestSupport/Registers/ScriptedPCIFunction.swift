import VirtIO

/// A scripted device as a PCI function. A modern one has 256 bytes of configuration space with the VirtIO capabilities,
/// and one memory window, BAR 4, behind which all structures lie; a legacy one has no capabilities, and its registers
/// in I/O space, behind BAR 0.
///
/// Access to the configuration space goes by offset and width, for any bus to put in front; the windows' registers are
/// `ScriptedPCIRegisters`.
///
/// SPEC: Virtio Transport Options / Virtio Over PCI Bus
///
/// Unchecked: used by the one thread that runs the test.
public final class ScriptedPCIFunction: @unchecked Sendable {
  /// Whose registers these are.
  public let device: ScriptedDevice
  /// The configuration space. A test may change any byte before the driver looks, to make the device lie.
  public var space: [UInt8]
  /// Size of the window behind BAR 0, a power of two; 0 for a function without. A test may change it.
  public var portByteCount = 0

  /// The notification offset of each queue: queue 0 first. At first each queue's own number.
  public var notifyOffsets: [Int]
  /// The MSI-X table; nil for a function without.
  public internal(set) var messages: ScriptedMessages?

  /// Size of the window behind BAR 4.
  public static let windowByteCount = 0x4000

  /// Where in the window the structures are.
  enum Window {
    static let common = 0x0000
    static let interruptStatus = 0x1000
    static let device = 0x2000
    static let notify = 0x3000
    /// The MSI-X table, as far as it lies in the window.
    static let messages = 0x3800
    /// Bytes between the doorbells of two queues.
    static let notifyMultiplier = 4
  }

  /// The offsets of the capabilities in the configuration space, for tests that falsify them.
  public enum Capability {
    /// `virtio_pci_cap` of the common configuration.
    public static let common = 0x40
    /// `virtio_pci_notify_cap`.
    public static let notify = 0x50
    /// `virtio_pci_cap` of the interrupt status.
    public static let interruptStatus = 0x64
    /// `virtio_pci_cap` of the device-specific configuration; absent when the device has none.
    public static let device = 0x74
    /// `virtio_pci_cfg_cap`, with its data at the end.
    public static let access = 0x84
    /// MSI-X, once `addMessages` was called.
    public static let messages = 0x98
  }

  /// A function with its BARs unassigned and decoding off, as after power-on.
  ///
  /// - Parameters:
  ///   - device: decides by itself whether the function is modern or legacy.
  ///   - isTransitional: a modern function has an I/O BAR 0 and a transitional ID, too. The driver is expected not to
  ///     touch what is behind that BAR.
  public init(device: ScriptedDevice, isTransitional: Bool = false) {
    self.device = device
    notifyOffsets = Array(0..<device.queueCount)
    space = Array(repeating: 0, count: 256)
    put(0x1af4, 2, at: 0x00)
    put(0xff, 1, at: 0x0b)
    put(0x1af4, 2, at: 0x2c)
    put(1, 1, at: 0x3d)
    if device.isLegacy || isTransitional {
      // Revision 0. The subsystem says what it is.
      put(Self.transitionalID(device.type), 2, at: 0x02)
      put(device.type.rawValue, 2, at: 0x2e)
      // BAR 0: I/O, room for the registers and the configuration.
      put(0x1, 4, at: 0x10)
      portByteCount = 32
      while portByteCount < 0x14 + device.configuration.count { portByteCount *= 2 }
    } else {
      put(0x1040 + device.type.rawValue, 2, at: 0x02)
      // Revision 1: not transitional.
      put(0x01, 1, at: 0x08)
      put(0x1100, 2, at: 0x2e)
    }
    if !device.isLegacy { addStructures() }
  }

  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Discovery
  private static func transitionalID(_ type: DeviceType) -> UInt32 {
    switch type {
    case .network: 0x1000
    case .block: 0x1001
    case .balloon: 0x1002
    case .console: 0x1003
    case .scsi: 0x1004
    case .entropy: 0x1005
    case .ninePFS: 0x1009
    default: 0x1010
    }
  }

  private func addStructures() {
    // Status: there is a capability list.
    put(0x0010, 2, at: 0x06)
    put(UInt32(Capability.common), 1, at: 0x34)
    // BAR 4: memory, 64 bits, prefetchable.
    put(0xc, 4, at: 0x20)
    let configurationByteCount = device.configuration.count
    let last = configurationByteCount == 0 ? Capability.access : Capability.device
    addCapability(1, at: Capability.common, next: Capability.notify, offset: Window.common, byteCount: 0x38)
    addCapability(
      2, at: Capability.notify, next: Capability.interruptStatus, offset: Window.notify,
      byteCount: Window.notifyMultiplier * max(1, device.queueCount), extra: UInt32(Window.notifyMultiplier))
    addCapability(3, at: Capability.interruptStatus, next: last, offset: Window.interruptStatus, byteCount: 1)
    if configurationByteCount != 0 {
      addCapability(
        4, at: Capability.device, next: Capability.access, offset: Window.device, byteCount: configurationByteCount)
    }
    addCapability(5, at: Capability.access, next: 0, offset: 0, byteCount: 0, extra: 0)
  }

  func put(_ value: UInt32, _ byteCount: Int, at offset: Int) {
    for index in 0..<byteCount { space[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
  }

  private func addCapability(
    _ type: UInt32, at place: Int, next: Int, offset: Int, byteCount: Int, extra: UInt32? = nil
  ) {
    put(0x09, 1, at: place)
    put(UInt32(next), 1, at: place + 1)
    put(extra == nil ? 16 : 20, 1, at: place + 2)
    put(type, 1, at: place + 3)
    put(4, 1, at: place + 4)
    put(UInt32(offset), 4, at: place + 8)
    put(UInt32(byteCount), 4, at: place + 12)
    if let extra { put(extra, 4, at: place + 16) }
  }

  // MARK: Configuration space

  /// Reads 1, 2 or 4 bytes of the configuration space.
  public func readConfiguration(at offset: Int, byteCount: Int) -> UInt32 {
    device.trace.load(byteCount * 8, offset, space: "config ") {
      guard check(offset, byteCount) else { return .max }
      if let place = accessPlace(offset, byteCount) { return load(place, byteCount: byteCount) }
      return space[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  /// Writes 1, 2 or 4 bytes of the configuration space.
  public func writeConfiguration(_ value: UInt32, at offset: Int, byteCount: Int) {
    device.trace.store(byteCount * 8, offset, value, space: "config ")
    guard check(offset, byteCount) else { return }
    if let place = accessPlace(offset, byteCount) { return store(place, byteCount: byteCount, value) }
    for index in 0..<byteCount {
      let place = offset + index
      let byte = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
      let mask = writable(place)
      space[place] = space[place] & ~mask | byte & mask
    }
  }

  /// Where in the window an access to `pci_cfg_data` goes; nil for other offsets, and when the capability's fields do
  /// not describe this access.
  ///
  /// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / PCI configuration access capability
  private func accessPlace(_ offset: Int, _ byteCount: Int) -> Int? {
    guard !device.isLegacy, offset == Capability.access + 16 else { return nil }
    let place = Int(number(at: Capability.access + 8))
    guard space[Capability.access + 4] == 4, number(at: Capability.access + 12) == UInt32(byteCount),
      place % byteCount == 0, place + byteCount <= Self.windowByteCount
    else {
      device.record("pci_cfg_data accessed by \(byteCount) bytes, which its BAR, offset and length do not describe")
      return nil
    }
    return place
  }

  private func number(at offset: Int) -> UInt32 {
    space[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func check(_ offset: Int, _ byteCount: Int) -> Bool {
    let isFine = [1, 2, 4].contains(byteCount) && offset >= 0 && offset % byteCount == 0 && offset + byteCount <= 256
    if !isFine { device.record("configuration space accessed at \(hex(offset)) by \(byteCount) bytes") }
    return isFine
  }

  /// The bits of a byte that the driver can change.
  private func writable(_ place: Int) -> UInt8 {
    switch place {
    // Command: I/O, memory, bus master; interrupt disable.
    case 0x04: 0x07
    case 0x05: 0x04
    // BAR 0: the address bits above the window's size, and never the two that say what it is.
    case 0x10...0x13: portByteCount == 0 ? 0 : UInt8((~UInt32(portByteCount - 1) & ~3) >> (8 * (place - 0x10)) & 0xff)
    // BAR 4 and its upper half, likewise.
    case 0x21 where !device.isLegacy: 0xc0
    case 0x22...0x27 where !device.isLegacy: 0xff
    case 0x3c: 0xff
    // The access capability: BAR, offset, length, data.
    case Capability.access + 4 where !device.isLegacy: 0xff
    case Capability.access + 8...Capability.access + 19 where !device.isLegacy: 0xff
    // MSI-X: enable, and mask all.
    case Capability.messages + 3 where messages != nil: 0xc0
    default: 0
    }
  }

  /// Where BAR 4 has put the window; 0 when it has no address yet.
  public var windowAddress: UInt64 { UInt64(number(at: 0x20) & ~0xf) | UInt64(number(at: 0x24)) << 32 }
  /// Where BAR 0 has put its window; 0 when it has no address yet.
  public var portAddress: UInt64 { UInt64(number(at: 0x10) & ~0x3) }
  /// Whether the window of BAR 0 answers.
  var decodesPorts: Bool { space[4] & 1 != 0 }
  /// Whether the window of BAR 4 answers.
  var decodesMemory: Bool { space[4] & 2 != 0 }
  /// Whether the device may reach memory.
  var isBusMaster: Bool { space[4] & 4 != 0 }
}
