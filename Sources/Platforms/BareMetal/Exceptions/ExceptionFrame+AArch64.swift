#if os(none) && arch(arm64)
  internal import CBareMetal

  extension ExceptionFrame {
    /// The interrupted instruction, or the next one after a system call. ELR_EL1.
    public var pc: UInt {
      get { word(32) }
      nonmutating set { unsafe registers.pointee.pc = vireo_word(newValue) }
    }

    /// What the processor says about an interrupt: nothing, the controller knows.
    var interruptCause: UInt { 0 }

    /// Names of the general registers, and which word of the frame each is.
    static var names: [34 of (StaticString, Int)] {
      [
        ("x0 ", 0), ("x1 ", 1), ("x2 ", 2), ("x3 ", 3), ("x4 ", 4), ("x5 ", 5), ("x6 ", 6), ("x7 ", 7),
        ("x8 ", 8), ("x9 ", 9), ("x10", 10), ("x11", 11), ("x12", 12), ("x13", 13), ("x14", 14), ("x15", 15),
        ("x16", 16), ("x17", 17), ("x18", 18), ("x19", 19), ("x20", 20), ("x21", 21), ("x22", 22), ("x23", 23),
        ("x24", 24), ("x25", 25), ("x26", 26), ("x27", 27), ("x28", 28), ("x29", 29), ("x30", 30), ("sp ", 31),
        ("pstate", 33), ("esr", 34),
      ]
    }

    /// How many bytes the breakpoint instruction at `pc` has.
    public var breakpointSize: UInt { 4 }

    /// What happened. ESR_EL1 and the row of the vector table.
    public var cause: ExceptionCause {
      let syndrome = word(34)
      let address = word(35)
      // Rows come in fours: synchronous, IRQ, FIQ, system error.
      switch word(36) & 3 {
      case 1: return ExceptionCause("interrupt", .interrupt)
      case 2: return ExceptionCause("fast interrupt", .interrupt)
      case 3: return ExceptionCause("system error: an earlier access failed on the bus")
      default: break
      }
      switch syndrome >> 26 & 0x3f {
      case 0x00: return ExceptionCause("unknown or illegal instruction")
      case 0x07: return ExceptionCause("floating point or SIMD instruction while these are off")
      case 0x0e: return ExceptionCause("illegal execution state")
      case 0x15: return ExceptionCause("system call without a handler")
      case 0x18: return ExceptionCause("system register access that is not allowed")
      case 0x20, 0x21: return ExceptionCause(fetchWords(syndrome), .memory, at: address)
      case 0x22: return ExceptionCause("misaligned program counter", at: address)
      case 0x24, 0x25: return ExceptionCause(accessWords(syndrome), .memory, at: address)
      case 0x26: return ExceptionCause("misaligned stack pointer")
      case 0x3c where syndrome & 0xffff == 1: return ExceptionCause("Swift runtime trap", .swiftTrap)
      case 0x3c: return ExceptionCause("breakpoint", .breakpoint)
      default: return ExceptionCause("exception of a class without a name here")
      }
    }

    private func fetchWords(_ syndrome: UInt) -> StaticString {
      switch syndrome >> 2 & 0xf {
      case 1: "instruction fetch from an unmapped address"
      case 3: "instruction fetch from memory that is not code"
      default: "instruction fetch failed"
      }
    }

    /// The fault status code of data aborts: bits 2 to 5 say what, WnR (bit 6) which way.
    private func accessWords(_ syndrome: UInt) -> StaticString {
      let writes = syndrome >> 6 & 1 == 1
      switch syndrome >> 2 & 0xf {
      case 0: return writes ? "write to an address out of range" : "read from an address out of range"
      case 1: return writes ? "write to an unmapped address" : "read from an unmapped address"
      case 3: return writes ? "write to memory that is read-only" : "read from memory that is not readable"
      case 4: return writes ? "write to an address where nothing answers" : "read from an address where nothing answers"
      case 8: return writes ? "misaligned write" : "misaligned read"
      default: return writes ? "write failed" : "read failed"
      }
    }
  }
#endif
