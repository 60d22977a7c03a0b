#if os(none) && arch(riscv64)
  internal import CBareMetal

  extension ExceptionFrame {
    /// The interrupted instruction. sepc.
    public var pc: UInt {
      get { word(32) }
      nonmutating set { unsafe registers.pointee.pc = vireo_word(newValue) }
    }

    /// What the processor says about an interrupt: scause's code, 1 software, 5 timer, 9 external.
    var interruptCause: UInt { word(34) & 0xff }

    /// Names of the general registers, and which word of the frame each is.
    static var names: [34 of (StaticString, Int)] {
      [
        ("ra ", 1), ("sp ", 2), ("gp ", 3), ("tp ", 4), ("t0 ", 5), ("t1 ", 6), ("t2 ", 7), ("s0 ", 8),
        ("s1 ", 9), ("a0 ", 10), ("a1 ", 11), ("a2 ", 12), ("a3 ", 13), ("a4 ", 14), ("a5 ", 15), ("a6 ", 16),
        ("a7 ", 17), ("s2 ", 18), ("s3 ", 19), ("s4 ", 20), ("s5 ", 21), ("s6 ", 22), ("s7 ", 23), ("s8 ", 24),
        ("s9 ", 25), ("s10", 26), ("s11", 27), ("t3 ", 28), ("t4 ", 29), ("t5 ", 30), ("t6 ", 31),
        ("status", 33), ("cause", 34), ("value", 35),
      ]
    }

    /// How many bytes the breakpoint instruction at `pc` has: the two lowest bits of an instruction say it.
    public var breakpointSize: UInt { (instruction(at: pc, as: UInt16.self) ?? 3) & 3 == 3 ? 4 : 2 }

    /// What happened. scause.
    public var cause: ExceptionCause {
      let cause = word(34)
      let value = word(35)
      if cause >> 63 == 1 { return ExceptionCause("interrupt", .interrupt) }
      switch cause {
      case 0: return ExceptionCause("misaligned instruction", at: value)
      case 1: return ExceptionCause("instruction fetch from an address where nothing answers", .memory, at: value)
      case 2:
        // Swift traps are `unimp`: a write to the read-only cycle counter, or the compressed form, all zeros.
        let isTrap =
          instruction(at: pc, as: UInt16.self) == 0 || instruction(at: pc, as: UInt32.self) == 0xc000_1073
        return isTrap ? ExceptionCause("Swift runtime trap", .swiftTrap) : ExceptionCause("illegal instruction")
      case 3: return ExceptionCause("breakpoint", .breakpoint)
      case 4: return ExceptionCause("misaligned read", .memory, at: value)
      case 5: return ExceptionCause("read from an address where nothing answers", .memory, at: value)
      case 6: return ExceptionCause("misaligned write", .memory, at: value)
      case 7: return ExceptionCause("write to an address where nothing answers", .memory, at: value)
      case 8, 9: return ExceptionCause("system call without a handler")
      case 12: return ExceptionCause("instruction fetch from memory that is unmapped or not code", .memory, at: value)
      case 13: return ExceptionCause("read from an unmapped address", .memory, at: value)
      case 15: return ExceptionCause("write to memory that is unmapped or read-only", .memory, at: value)
      default: return ExceptionCause("exception with a number without a name here")
      }
    }
  }
#endif
