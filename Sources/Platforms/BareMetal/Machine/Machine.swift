#if os(none)
  internal import CBareMetal
  internal import CVireo
  public import DevicePlatform

  /// The machine that the kernel runs on: QEMU's aarch64 `virt`, riscv64 `virt`, and x86_64 `q35` or `microvm`.
  ///
  /// Only what cannot be discovered is known here: where the first serial line is, and how to leave.
  public enum Machine {
    #if arch(arm64)
      /// The first serial line.
      public typealias Console = PL011<MappedRegisters>
      // `virt` keeps it here; the boot code maps the first GiB as device memory.
      /// The first serial line.
      public static var console: Console {
        unsafe PL011(registers: MappedRegisters(unsafeAddress: 0x0900_0000, byteCount: 0x1000))
      }
    #elseif arch(riscv64)
      /// The first serial line.
      public typealias Console = UART16550<MappedRegisters>
      // `virt` keeps it here; the boot code maps the first GiB.
      /// The first serial line.
      public static var console: Console {
        unsafe UART16550(registers: MappedRegisters(unsafeAddress: 0x1000_0000, byteCount: 8))
      }
    #elseif arch(x86_64)
      /// The first serial line.
      public typealias Console = UART16550<PortRegisters>
      // COM1. The kernel runs in ring 0.
      /// The first serial line.
      public static var console: Console { unsafe UART16550(registers: PortRegisters(unsafePort: 0x3f8, byteCount: 8)) }
    #endif

    /// The line that the first serial line interrupts by, and what its level means.
    public static var consoleInterrupt: (line: InterruptLine, trigger: InterruptTrigger) {
      #if arch(arm64)
        (InterruptLine(33), .level)
      #elseif arch(riscv64)
        (InterruptLine(10), .level)
      #else
        // IRQ 4 of the ISA bus, whose custom is edges; but the port holds the line.
        (InterruptLine(4), .level)
      #endif
    }

    /// Addresses that the boot code has mapped to themselves. RAM elsewhere cannot be used.
    public static var mapped: MemoryRange {
      #if arch(arm64)
        MemoryRange(start: 0x0800_0000, end: 1 << 40)
      #elseif arch(riscv64)
        MemoryRange(start: 0x0010_0000, end: 1 << 38)
      #else
        MemoryRange(start: 0x1000, end: 1 << 32)
      #endif
    }

    /// The kernel's image: code, constants, stack, data and heap.
    public static var image: MemoryRange {
      MemoryRange(start: UInt(vireo_image_start()), end: UInt(vireo_image_end()))
    }

    /// Memory that no allocator may hand out, apart from a device tree: the image, and what firmware keeps.
    public static var reserved: [MemoryRange] {
      #if arch(arm64)
        [image]
      #elseif arch(riscv64)
        // The SBI firmware protects its memory; a touch is an exception.
        [image, MemoryRange(start: 0x8000_0000, end: 0x8020_0000)]
      #else
        // BIOS data, the loader's start info, ACPI tables.
        [image, MemoryRange(start: 0, end: 0x10_0000)]
      #endif
    }

    /// The stack that the kernel was started on.
    public static var stack: MemoryRange {
      MemoryRange(start: UInt(vireo_stack_start()), end: UInt(vireo_stack_end()))
    }

    /// True when addresses are translated and caches are in use.
    public static var isMemoryManaged: Bool {
      #if arch(arm64)
        vireo_sctlr() & 0x1005 == 0x1005  // I, C, M
      #elseif arch(riscv64)
        vireo_satp() >> 60 == 8  // Sv39
      #else
        vireo_cr0() & 0xe000_0000 == 0x8000_0000  // PG, not CD, not NW
      #endif
    }

    /// Ends the machine with a status. Needs, in QEMU: `-semihosting-config enable=on,target=native` on aarch64,
    /// `-device isa-debug-exit,iobase=0xf4,iosize=4` on x86_64. Without it the processor stops for good.
    public static func exit(_ status: ExitStatus) -> Never {
      #if arch(arm64)
        // SYS_EXIT with ADP_Stopped_ApplicationExit and a status, as semihosting wants it on 64 bits.
        var block: (UInt, UInt) = (0x20026, UInt(status.rawValue))
        unsafe withUnsafePointer(to: &block) { _ = vireo_semihosting(0x18, vireo_word(UInt(bitPattern: $0))) }
      #elseif arch(riscv64)
        // The SiFive test device of `virt`: "pass", or "fail" with a status in the upper half.
        let value = status == .success ? 0x5555 : UInt32(status.rawValue) << 16 | 0x3333
        vireo_store32(0x0010_0000, value)
      #else
        vireo_out32(0xf4, status.debugExitValue)
      #endif
      vireo_halt()
    }
  }

  /// What Swift's own `print` and the messages of debug builds go through.
  @c(putchar)
  public func putCharacter(_ character: CInt) -> CInt {
    Machine.console.write(UInt8(truncatingIfNeeded: character))
    return character
  }
#endif
