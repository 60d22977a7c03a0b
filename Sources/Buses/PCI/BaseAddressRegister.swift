/// A base address register: a range of addresses that a function answers to.
public struct BaseAddressRegister: Hashable, Sendable {
  /// Where the range can lie.
  public enum Kind: Hashable, Sendable {
    /// I/O space.
    case io
    /// Memory below 4 GiB.
    case memory32
    /// Memory anywhere; the register takes the place of two.
    case memory64
  }

  /// The register's number, 0 ... 5.
  public var index: UInt8
  /// Where the range can lie.
  public var kind: Kind
  /// True for memory whose reads have no side effects.
  public var isPrefetchable: Bool
  /// The first address on the bus; 0 if the range has not been placed.
  public var busAddress: UInt64
  /// The size in bytes, a power of two.
  public var byteCount: UInt64

  /// A range of `byteCount` bytes, a power of two.
  public init(index: UInt8, kind: Kind, isPrefetchable: Bool = false, busAddress: UInt64 = 0, byteCount: UInt64) {
    self.index = index
    self.kind = kind
    self.isPrefetchable = isPrefetchable
    self.busAddress = busAddress
    self.byteCount = byteCount
  }

  /// True once the range has an address.
  public var isPlaced: Bool { busAddress != 0 }
}

extension PCIBus {
  /// Reads and sizes a function's BARs. Registers that are not implemented, or that contradict themselves, are left out.
  ///
  /// Sizing overwrites the registers for a moment, so the function's decoding is off meanwhile; address and command
  /// registers are as they were afterwards.
  public func baseAddressRegisters(of function: PCIFunction) -> [BaseAddressRegister] {
    let address = function.address
    let command = command(of: address)
    setCommand(command.subtracting([.io, .memory]), of: address)
    defer { setCommand(command, of: address) }
    var registers: [BaseAddressRegister] = []
    var index = 0
    while index < function.barCount {
      let low = probe(address, index)
      let isWide = low.value & 7 == 4
      if low.value & 1 != 0 {
        if let register = ioRegister(index, low) { registers.append(register) }
      } else if isWide, index + 1 < function.barCount {
        let high = probe(address, index + 1)
        if let register = memoryRegister(index, low, high) { registers.append(register) }
      } else if low.value & 7 == 0 {
        if let register = memoryRegister(index, low, nil) { registers.append(register) }
      }
      index += isWide ? 2 : 1
    }
    return registers
  }

  /// What a register holds, and what it holds after ones were written.
  private func probe(_ function: PCIAddress, _ index: Int) -> (value: UInt32, mask: UInt32) {
    let offset = ConfigurationOffset.firstBAR + 4 * index
    let value = access.load32(function, at: offset)
    access.store32(.max, function, at: offset)
    let mask = access.load32(function, at: offset)
    access.store32(value, function, at: offset)
    return (value, mask)
  }

  private func ioRegister(_ index: Int, _ low: (value: UInt32, mask: UInt32)) -> BaseAddressRegister? {
    guard low.mask & ~3 != 0 else { return nil }
    // A function may leave out the upper half: ports end at 0xffff where CPUs have them.
    let upper: UInt32 = low.mask >> 16 == 0 ? 0xffff_0000 : 0
    let byteCount = UInt64(~(low.mask & ~3 | upper)) + 1
    guard byteCount & (byteCount - 1) == 0 else { return nil }
    return BaseAddressRegister(
      index: UInt8(index), kind: .io, isPrefetchable: false, busAddress: UInt64(low.value & ~3), byteCount: byteCount)
  }

  private func memoryRegister(
    _ index: Int, _ low: (value: UInt32, mask: UInt32), _ high: (value: UInt32, mask: UInt32)?
  ) -> BaseAddressRegister? {
    let mask = UInt64(low.mask & ~15) | UInt64(high?.mask ?? 0xffff_ffff) << 32
    let (byteCount, isWhole) = (~mask).addingReportingOverflow(1)
    // Nothing writable, or writable bits with holes between them.
    guard low.mask & ~15 != 0 || (high?.mask ?? 0) != 0, !isWhole, byteCount & (byteCount - 1) == 0 else { return nil }
    return BaseAddressRegister(
      index: UInt8(index), kind: high == nil ? .memory32 : .memory64, isPrefetchable: low.value & 8 != 0,
      busAddress: UInt64(low.value & ~15) | UInt64(high?.value ?? 0) << 32, byteCount: byteCount)
  }

  /// Writes a BAR's address. The function's decoding must be off.
  func write(_ register: BaseAddressRegister, of function: PCIAddress) {
    let offset = ConfigurationOffset.firstBAR + 4 * Int(register.index)
    access.store32(UInt32(truncatingIfNeeded: register.busAddress), function, at: offset)
    if register.kind == .memory64 {
      access.store32(UInt32(register.busAddress >> 32), function, at: offset + 4)
    }
  }
}
