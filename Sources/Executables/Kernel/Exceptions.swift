#if os(none)
  import BareMetal
  import CVireo

  /// Exceptions that a person or a test asks for, to see them reported.
  enum ProvokedException: CaseIterable {
    case overflow
    case null
    case unmapped
    case code
    case data
    case stack
    case nested

    /// What it is called by.
    var name: String {
      switch self {
      case .overflow: "overflow"
      case .null: "null"
      case .unmapped: "unmapped"
      case .code: "code"
      case .data: "data"
      case .stack: "stack"
      case .nested: "nested"
      }
    }

    /// All names, for messages.
    static var names: String { allCases.map { $0.name }.joined(separator: " ") }

    /// Does the forbidden thing. Returns only if nothing forbade it.
    func provoke() {
      // Opaque, so that the compiler neither foresees the exception nor drops its cause.
      switch self {
      case .overflow: _ = vireo_opaque(vireo_opaque(.max) + vireo_opaque(1))
      case .null: _ = vireo_load32(vireo_opaque(0))
      case .unmapped: vireo_store32(vireo_opaque(Self.unmappedAddress), 1)
      case .code: vireo_store8(vireo_opaque(Machine.image.start), 1)
      case .data:
        // A jump into the stack: data that happens to be there must not run.
        let target = unsafe unsafeBitCast(vireo_opaque(Machine.stack.end - 16), to: (@convention(c) () -> Void).self)
        target()
      case .stack: _ = Self.descend(vireo_opaque(1))
      case .nested:
        Exceptions.handle { _ in
          vireo_store32(vireo_opaque(Self.unmappedAddress), 2)
          return false
        }
        vireo_store32(vireo_opaque(Self.unmappedAddress), 1)
      }
    }

    private static var unmappedAddress: UInt {
      #if arch(x86_64)
        0x80_0000_0000
      #elseif arch(riscv64)
        0x180_0000
      #else
        0x200_0000_0000
      #endif
    }

    @inline(never)
    private static func descend(_ depth: UInt) -> UInt {
      // Never so, which the compiler cannot know.
      if depth == 0 { return 0 }
      return vireo_opaque(descend(vireo_opaque(depth &+ 1))) &+ vireo_opaque(depth)
    }
  }
#endif
