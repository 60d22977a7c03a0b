#if os(none)
  import BareMetal
  import DevicePlatform
  import DeviceTraits

  /// Which console has the kernel's log and its shell.
  enum ConsoleChoice {
    /// The first serial line, which is always there.
    case serial
    /// The first VirtIO console, from when it is up; what was written before is written there then.
    case virtio
    /// Both. What is typed at either counts.
    case both
  }

  extension ConsoleChoice {
    /// The word `vireo.console=serial|virtio|both`.
    init?(word: String) {
      switch word {
      case "vireo.console=serial": self = .serial
      case "vireo.console=virtio": self = .virtio
      case "vireo.console=both": self = .both
      default: return nil
      }
    }
  }

  /// The kernel's log and its shell, wherever they are.
  ///
  /// Nothing that runs in an interrupt may use it, but `writeInEmergency`.
  // Unchecked: one processor, and no second task.
  final class Terminal: @unchecked Sendable {
    /// What is kept at most for a console that is not up yet.
    private static let keptLimit = 64 << 10

    private var choice = ConsoleChoice.serial
    private var console: (any ConsoleDevice)?
    private var kept: [UInt8] = []
    // What came while the console was written to.
    private var waiting: [UInt8] = []
    private var isSending = false
    // Bytes of the console's that were not asked for yet, the next one last.
    private var typed: [UInt8] = []
    /// Keyboards, and what else tells events; nil before devices were looked for.
    private(set) var inputs: KernelInputs?
    /// How many bytes were read. Wraps.
    private(set) var readCount: UInt = 0

    /// Whether the serial line gets what is written now.
    private var usesSerial: Bool { choice != .virtio || console == nil }

    /// To be called once, before anything is written.
    func choose(_ choice: ConsoleChoice) { self.choice = choice }

    /// Devices have been looked for: this is the first console, if there is one.
    func attach(_ console: (any ConsoleDevice)?) {
      if choice == .serial { return }
      guard let console else {
        kept = []
        choice = .serial
        return write("# console: there is no VirtIO console; the serial line is used\n")
      }
      self.console = console
      let bytes = kept
      kept = []
      send(bytes)
    }

    /// Devices have been looked for: what is typed on these keyboards counts as well.
    func attach(_ inputs: KernelInputs) { self.inputs = inputs }

    /// The console is about to be reset. Until there is another one, lines are kept again.
    func detach() {
      console = nil
      typed = []
      inputs = nil
    }

    /// Writes text.
    func write(_ text: String) {
      // A keyboard has room for a few keys; whoever types ahead while a command writes loses none of them.
      inputs?.take()
      if usesSerial { Machine.console.write(text) }
      if choice == .serial { return }
      let bytes = Array(text.utf8)
      if console != nil { return send(bytes) }
      kept += bytes.prefix(Self.keptLimit - kept.count)
    }

    private func send(_ text: [UInt8]) {
      // Whoever waits for the console reports what is out of order meanwhile, and comes here again.
      waiting += text
      if isSending { return }
      isSending = true
      while console != nil, !waiting.isEmpty { sendWaiting() }
      isSending = false
    }

    private func sendWaiting() {
      guard let console else { return }
      let bytes = waiting
      waiting = []
      do throws(ConsoleFailure) {
        try console.write(bytes.span)
      } catch {
        // What could not be written there is written where it can be seen.
        self.console = nil
        let hadSerial = choice == .both
        choice = .serial
        if !hadSerial { for byte in bytes + waiting { Machine.console.write(byte) } }
        waiting = []
        write("# console: \(error.words); the serial line is used from now on\n")
      }
    }

    /// Writes text, and has the serial line carry it whatever was chosen: its interrupts are wanted.
    func writeOnSerialToo(_ text: String) {
      let isWritten = usesSerial
      write(text)
      if !isWritten { Machine.console.write(text) }
    }

    /// The next byte that was typed; nil when there is none. Does not wait.
    func readByte() -> UInt8? {
      let byte = nextByte()
      if byte != nil { readCount &+= 1 }
      return byte
    }

    private func nextByte() -> UInt8? {
      if usesSerial, let byte = Machine.console.readByte() { return byte }
      if let byte = inputs?.readByte() { return byte }
      if let byte = typed.popLast() { return byte }
      guard let console else { return nil }
      var bytes = InlineArray<64, UInt8>(repeating: 0)
      var count = 0
      do throws(ConsoleFailure) {
        var span = bytes.mutableSpan
        count = try console.read(into: &span)
      } catch {
        self.console = nil
        choice = .serial
        write("# console: \(error.words); the serial line is used from now on\n")
      }
      for index in (0..<count).reversed() { typed.append(bytes[index]) }
      return typed.popLast()
    }

    /// Writes a byte without waiting, memory or queues, while an exception is reported: the serial line has it already.
    func writeInEmergency(_ byte: UInt8) { _ = console?.writeInEmergency(byte) }
  }

  /// The one terminal of this machine. Touched first when nothing interrupts yet.
  let terminal = Terminal()
#endif
