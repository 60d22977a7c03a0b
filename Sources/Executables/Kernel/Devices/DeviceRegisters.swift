#if os(none)
  import BareMetal
  import DevicePlatform

  /// Where device registers can be: memory that the boot code has mapped for them, uncached where that is the page
  /// tables' business.
  enum DeviceRegisters {
    /// Parts of the address space that were mapped as registers (CBareMetal's paging.c).
    private static var areas: [MemoryRange] {
      #if arch(arm64)
        [MemoryRange(start: 0x0800_0000, end: 1 << 30), MemoryRange(start: 1 << 38, end: 1 << 40)]
      #elseif arch(riscv64)
        [MemoryRange(start: 0x0020_0000, end: 1 << 38)]
      #else
        [MemoryRange(start: 0xb000_0000, end: 1 << 32)]
      #endif
    }

    /// A window; nil where no registers can be.
    static func map(address: UInt64, byteCount: UInt64) -> MappedRegisters? {
      let window = MemoryRange(start: UInt(address), byteCount: UInt(byteCount))
      guard address & 3 == 0, UInt64(window.byteCount) == byteCount, let size = Int(exactly: byteCount),
        areas.contains(where: { $0.start <= window.start && window.end <= $0.end })
      else { return nil }
      // Mapped to itself since the boot, for good.
      return unsafe MappedRegisters(unsafeAddress: window.start, byteCount: size)
    }
  }
#endif
