#if os(none)
  internal import CBareMetal
  internal import CVireo

  /// What the boot loader handed over, as it is: a device tree on aarch64 and riscv64, a PVH start info on x86_64.
  ///
  /// Nothing is interpreted that needs a device tree reader: RAM, command line and devices of a tree are for the
  /// kernel to find in it.
  public struct BootInformation: Sendable {
    private let argument: UInt

    /// Of the present boot.
    public static var current: BootInformation { BootInformation(argument: UInt(vireo_boot_argument())) }

    /// Where the device tree blob lies, as its header says; nil without one. At most 4 MiB.
    public var deviceTree: MemoryRange? {
      #if arch(x86_64)
        return nil
      #else
        var address = argument
        #if arch(arm64)
          // QEMU passes nothing to an ELF image, and leaves the tree at the start of RAM.
          if address == 0 { address = 0x4000_0000 }
        #endif
        let memory = MappedBytes()
        guard address & 3 == 0, let magic = memory.value(at: UInt64(address), byteCount: 4),
          UInt32(truncatingIfNeeded: magic).byteSwapped == 0xd00d_feed,
          let size = memory.value(at: UInt64(address) + 4, byteCount: 4)
        else { return nil }
        let byteCount = UInt(UInt32(truncatingIfNeeded: size).byteSwapped)
        guard byteCount >= 40, byteCount <= 4 << 20 else { return nil }
        return MemoryRange(start: address, byteCount: byteCount)
      #endif
    }

    /// Lends the device tree blob to `body`; nil without one.
    public func withDeviceTree<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
      guard let range = deviceTree else { return nil }
      // The loader's blob: mapped, and nobody writes there.
      let bytes = unsafe UnsafeRawBufferPointer(
        start: UnsafeRawPointer(bitPattern: range.start), count: Int(range.byteCount))
      return unsafe body(Span(_unsafeElements: bytes.bindMemory(to: UInt8.self)))
    }

    /// RAM that the loader lists, as far as the boot code has mapped it; empty on machines with a device tree.
    public var ram: [MemoryRange] {
      var ranges: [MemoryRange] = []
      if let info = startInfo {
        for range in info.ram {
          let mapped = range.intersection(Machine.mapped)
          if !mapped.isEmpty { ranges.append(mapped) }
        }
      }
      return ranges
    }

    /// The command line that the loader passed beside a device tree's; empty on machines with a device tree.
    public var commandLine: String { startInfo.map { String(decoding: $0.commandLine, as: UTF8.self) } ?? "" }

    /// Where the ACPI root pointer is, if the loader says it.
    public var acpiRootPointer: UInt64? {
      guard let info = startInfo, info.rootPointer != 0 else { return nil }
      return info.rootPointer
    }

    private var startInfo: PVHStartInfo<MappedBytes>? {
      #if arch(x86_64)
        PVHStartInfo(at: UInt64(argument), in: MappedBytes())
      #else
        nil
      #endif
    }
  }

  /// Memory that the boot code has mapped; on x86_64 also page 0, of which it kept a copy. Only addresses that the
  /// loader gave are read.
  struct MappedBytes: ByteMemory {
    func byte(at address: UInt64) -> UInt8? {
      #if arch(x86_64)
        if address < 4096 { return vireo_load8(vireo_first_page() + vireo_address(address)) }
      #endif
      return Machine.mapped.contains(UInt(address)) ? vireo_load8(vireo_address(address)) : nil
    }
  }
#endif
