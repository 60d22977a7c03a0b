public import DevicePlatform

/// QEMU's firmware configuration device, fw_cfg: a directory of files and some numbered items that the machine's maker
/// leaves for the guest. Not a VirtIO device.
///
/// Everything can be read through the data register, one access a byte and without memory; a device with DMA transfers
/// to and from a buffer at once, which is also the only way to write. `QEMU` emulates both, on I/O ports and memory
/// mapped.
///
/// The device is not trusted: counts are bounded, names and numbers checked, sizes compared with the caller's limit.
public struct FirmwareDevice<Registers: RegisterAccess, Memory: DMAMemory>: ~Copyable {
  let registers: Registers
  let memory: Memory
  /// How the registers lie.
  public let interface: FirmwareInterface
  /// What the device can do.
  public let features: FirmwareFeatures
  /// The control structure of transfers; allocated for the first one, empty before and after the device kept it.
  var control = DMABuffer()
  /// A transfer never ended: selector and memory may change at any time.
  var isAbandoned = false

  /// Looks whether there is an fw_cfg device, and what it can do.
  ///
  /// - Parameters:
  ///   - registers: the device's window.
  ///   - interface: how the registers lie in it.
  ///   - memory: where transfers get the memory for their control structure from; not touched before the first one.
  public init(_ registers: Registers, interface: FirmwareInterface, memory: Memory) throws(FirmwareError) {
    guard registers.byteCount >= interface.plainByteCount else {
      throw .windowTooSmall(byteCount: registers.byteCount, needed: interface.plainByteCount)
    }
    let reader = FirmwareReader(registers: registers, interface: interface)
    reader.select(.signature)
    let signature = reader.next32()
    // The letters QEMU.
    guard signature == 0x5145_4d55 else { throw .noSignature(found: signature) }
    reader.select(.features)
    // The one little-endian word among the items that every machine has.
    let features = FirmwareFeatures(rawValue: reader.next32().byteSwapped)
    guard features.contains(.dataRegister) else { throw .noDataRegister(features: features.rawValue) }
    if features.contains(.dma) {
      guard registers.byteCount >= interface.byteCount else {
        throw .windowTooSmall(byteCount: registers.byteCount, needed: interface.byteCount)
      }
      let high = UInt32(bigEndian: registers.load32(at: interface.dmaOffset))
      let low = UInt32(bigEndian: registers.load32(at: interface.dmaOffset + 4))
      let found = UInt64(high) << 32 | UInt64(low)
      // The letters QEMU CFG.
      guard found == 0x5145_4d55_2043_4647 else { throw .noDMASignature(found: found) }
    }
    self.registers = registers
    self.memory = memory
    self.interface = interface
    self.features = features
  }

  var reader: FirmwareReader<Registers> { FirmwareReader(registers: registers, interface: interface) }
}

/// Selector and data register.
struct FirmwareReader<Registers: RegisterAccess> {
  let registers: Registers
  let interface: FirmwareInterface

  /// Begins at an item's first byte.
  func select(_ item: FirmwareItem) {
    registers.store16(interface.selector(item), at: interface.selectorOffset)
  }

  /// The next byte; zero behind the end.
  func next() -> UInt8 { registers.load8(at: interface.dataOffset) }

  /// The next four bytes, the first one in the highest place.
  func next32() -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 { value = value << 8 | UInt32(next()) }
    return value
  }
}
