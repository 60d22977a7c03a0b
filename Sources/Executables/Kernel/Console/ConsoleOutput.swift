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
    /// What the console is given now. The two change places, and keep their memory.
    private var outgoing: [UInt8] = []
    private var isSending = false

    /// Nothing was written yet. The memory for all text is taken here, so that checks of the heap do not see it grow.
    init() {
      waiting.reserveCapacity(Self.limit)
      outgoing.reserveCapacity(Self.limit)
    }

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
        swap(&waiting, &outgoing)
        defer { outgoing.removeAll(keepingCapacity: true) }
        do throws(ConsoleFailure) {
          try console.write(outgoing.span)
        } catch {
          self.console = nil
          let text = outgoing + waiting
          waiting.removeAll(keepingCapacity: true)
          return Loss(reason: error, text: text)
        }
      }
      return nil
    }
  }
#endif
