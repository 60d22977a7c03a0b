#if os(none) && arch(x86_64)
  internal import CBareMetal

  extension ExceptionFrame {
    /// The interrupted instruction, or the next one after a breakpoint.
    public var pc: UInt {
      get { word(18) }
      nonmutating set { unsafe registers.pointee.rip = vireo_word(newValue) }
    }

    /// What the processor says about an interrupt: the vector.
    var interruptCause: UInt { word(16) }

    /// Names of the general registers, and which word of the frame each is.
    static var names: [21 of (StaticString, Int)] {
      [
        ("rax", 15), ("rbx", 5), ("rcx", 14), ("rdx", 13), ("rsi", 12), ("rdi", 11), ("rbp", 6), ("rsp", 21),
        ("r8 ", 10), ("r9 ", 9), ("r10", 8), ("r11", 7), ("r12", 4), ("r13", 3), ("r14", 2), ("r15", 1),
        ("rflags", 20), ("cs ", 19), ("ss ", 22), ("error", 17), ("vector", 16),
      ]
    }

    /// How far `pc` still has to go after a breakpoint: it points behind the instruction already.
    public var breakpointSize: UInt { 0 }

    /// What happened: the vector, and CR2 for page faults.
    public var cause: ExceptionCause {
      switch word(16) {
      case 0: return ExceptionCause("division by zero")
      case 1: return ExceptionCause("debug exception", .breakpoint)
      case 2: return ExceptionCause("non-maskable interrupt")
      case 3: return ExceptionCause("breakpoint", .breakpoint)
      case 6:
        // Swift traps are `ud2`.
        let isTrap = instruction(at: pc, as: UInt16.self) == 0x0b0f
        return isTrap ? ExceptionCause("Swift runtime trap", .swiftTrap) : ExceptionCause("illegal instruction")
      case 7: return ExceptionCause("floating point or SIMD instruction while these are off")
      case 8: return ExceptionCause("double fault", .memory, at: word(0))
      case 10: return ExceptionCause("invalid task state segment")
      case 11: return ExceptionCause("segment not present")
      case 12: return ExceptionCause("stack segment fault")
      case 13: return ExceptionCause("general protection fault (an address that is not canonical, or a privilege)")
      case 14: return ExceptionCause(pageFaultWords, .memory, at: word(0))
      case 16: return ExceptionCause("x87 floating point error")
      case 17: return ExceptionCause("misaligned access", .memory)
      case 18: return ExceptionCause("machine check")
      case 19: return ExceptionCause("SIMD floating point error")
      case 32...: return ExceptionCause("interrupt", .interrupt)
      default: return ExceptionCause("exception with a number without a name here")
      }
    }

    /// The error code: bit 0 the page is there, bit 1 a write, bit 4 an instruction fetch.
    private var pageFaultWords: StaticString {
      switch word(17) & 0x13 {
      case 0x00: "read from an unmapped address"
      case 0x01: "read from memory that is not readable"
      case 0x02: "write to an unmapped address"
      case 0x03: "write to memory that is read-only"
      case 0x10, 0x12: "instruction fetch from an unmapped address"
      default: "instruction fetch from memory that is not code"
      }
    }
  }
#endif
