#if os(none)
  internal import CBareMetal

  /// What an exception interrupted: all its registers. Changes take effect when the handler returns.
  ///
  /// Only valid while the handler runs.
  @safe
  public struct ExceptionFrame {
    // Points at what the assembly pushed; handlers get it borrowed, for the time of the call.
    let registers: UnsafeMutablePointer<vireo_exception_frame>

    init(unsafe registers: UnsafeMutablePointer<vireo_exception_frame>) { unsafe self.registers = registers }

    /// A word of the frame by its index, see CBareMetal.h.
    func word(_ index: Int) -> UInt {
      precondition(index >= 0 && index < MemoryLayout<vireo_exception_frame>.size / 8, "frame word")
      return unsafe UnsafeRawPointer(registers).load(fromByteOffset: index * 8, as: UInt.self)
    }

    /// Writes name and value of every general register, in lines that begin with `#   `.
    func writeRegisters(to console: ReportConsole) {
      let names = Self.names
      var column = 0
      for position in names.indices {
        let (name, index) = names[position]
        console.write(column == 0 ? "#   " : " ")
        console.write(name)
        console.write(" ")
        console.write(hexadecimal: word(index))
        column += 1
        if column == 4 {
          console.write(10)
          column = 0
        }
      }
      if column != 0 { console.write(10) }
    }
  }

  /// What an exception is.
  public struct ExceptionCause: Sendable {
    /// In words, for a report.
    public let words: StaticString
    /// The address whose access failed; nil when no access did.
    public let faultAddress: UInt?
    /// What to do with it.
    public let kind: Kind

    /// The few kinds that code must tell apart.
    public enum Kind: Sendable {
      /// An interrupt from outside. Not an error.
      case interrupt
      /// A breakpoint instruction, `vireo_breakpoint`'s among them.
      case breakpoint
      /// A failed check in Swift code: overflow, index, precondition, forced unwrapping of nil.
      case swiftTrap
      /// An access to memory that is not there, not mapped or not permitted.
      case memory
      /// Everything else.
      case other
    }

    init(_ words: StaticString, _ kind: Kind = .other, at faultAddress: UInt? = nil) {
      // The stack grows down into constants that cannot be written (see Linker/*.ld).
      let stack = Machine.stack.start
      if let faultAddress, stack - 0x1_0000 <= faultAddress, faultAddress < stack {
        self.words = "stack overflow"
      } else {
        self.words = words
      }
      self.kind = kind
      self.faultAddress = faultAddress
    }
  }

  /// Where the instruction at `pc` may be looked at: only inside the image, where reading it cannot fail.
  func instruction<Word: FixedWidthInteger & BitwiseCopyable>(at pc: UInt, as: Word.Type) -> Word? {
    let image = Machine.image
    guard pc >= image.start, pc < image.end - UInt(MemoryLayout<Word>.size) else { return nil }
    // Inside the image: mapped and readable.
    return unsafe UnsafeRawPointer(bitPattern: pc).unsafelyUnwrapped.loadUnaligned(as: Word.self)
  }
#endif
