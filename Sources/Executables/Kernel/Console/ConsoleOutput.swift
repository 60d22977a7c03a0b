#if os(none)
  import DeviceTraits

  /// Text for one of the terminal's consoles. What is written before the console is up is kept, and comes to it then.
  final class ConsoleOutput {
    /// What waits at most; what comes above that is left out.
    private static let limit = 64 << 10

    /// Why a console takes nothing any more, and what it did not take.
    struct Loss {
      let reason: ConsoleFailure
      let text: [UInt8]
    }

    /// Where it goes; nil before it is up, and again once it has failed.
    private(set) var console: (any ConsoleDevice)?
    private var waiting: [UInt8] = []
    private var isSending = false

    /// Nothing was written yet. The memory for what waits is taken here, so that checks of the heap do not see it grow.
    init() { waiting.reserveCapacity(Self.limit) }

    /// The console is up.
    func attach(_ console: any ConsoleDevice) -> Loss? {
      self.console = console
      return send()
    }

    /// The console is about to be reset. Text is kept until there is another one.
    func detach() { console = nil }

    /// Writes text.
    func write(_ text: [UInt8]) -> Loss? {
      waiting += text.prefix(Self.limit - waiting.count)
      return send()
    }

    private func send() -> Loss? {
      // Whoever waits for the console may report what is out of order meanwhile, and comes here again.
      if isSending { return nil }
      isSending = true
      defer { isSending = false }
      while let console, !waiting.isEmpty {
        let bytes = waiting
        waiting = []
        do throws(ConsoleFailure) {
          try console.write(bytes.span)
        } catch {
          self.console = nil
          let rest = waiting
          waiting = []
          return Loss(reason: error, text: bytes + rest)
        }
      }
      return nil
    }
  }
#endif
