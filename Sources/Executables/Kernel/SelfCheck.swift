#if os(none)
  import BareMetal

  /// Checks of the platform that the kernel makes on itself.
  struct SelfCheck {
    /// True when all went well.
    func run() -> Bool {
      say("# memory managed: \(Machine.isMemoryManaged)")
      return Machine.isMemoryManaged
    }
  }
#endif
