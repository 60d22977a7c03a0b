#if os(none) && arch(x86_64)
  internal import CBareMetal

  /// What CPUID says about the time stamp counter.
  enum ProcessorIdentification {
    /// Ticks per second, or nil when no leaf says it.
    static var counterFrequency: UInt64? {
      let highest = vireo_cpuid(0, 0).eax
      if highest >= 0x15 {
        let leaf = vireo_cpuid(0x15, 0)
        if leaf.eax != 0, leaf.ebx != 0, leaf.ecx != 0 {
          return UInt64(leaf.ecx) * UInt64(leaf.ebx) / UInt64(leaf.eax)
        }
      }
      if highest >= 0x16 {
        let megahertz = vireo_cpuid(0x16, 0).eax & 0xffff
        if megahertz != 0 { return UInt64(megahertz) * 1_000_000 }
      }
      // Bit 31 of leaf 1's ECX: a hypervisor is there, with leaves of its own; 0x40000010 says kHz.
      if vireo_cpuid(1, 0).ecx >> 31 == 1, vireo_cpuid(0x4000_0000, 0).eax >= 0x4000_0010 {
        let kilohertz = vireo_cpuid(0x4000_0010, 0).eax
        if kilohertz != 0 { return UInt64(kilohertz) * 1_000 }
      }
      return nil
    }
  }
#endif
