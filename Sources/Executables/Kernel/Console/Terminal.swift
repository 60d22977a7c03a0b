#if os(none)
  import BareMetal
  import DevicePlatform
  import DeviceTraits

  /// Which console has the kernel's log and its shell, beside the screen, if there is one.
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

  /// The kernel's log and its shell, wherever they are: on the serial line or a VirtIO console, and on a screen.
  ///
  /// Nothing that runs in an interrupt may use it, but `writeInEmergency`.
  // Unchecked: one processor, and no second task.
  final class Terminal: @unchecked Sendable {
    private var choice = ConsoleChoice.serial
    /// The VirtIO console; nil when none was asked for, or no more.
    private var console: ConsoleOutput?
    /// The screen; nil when nobody writes there, or no more.
    private var screen: ConsoleOutput?
    // Bytes of the console's that were not asked for yet, the next one last.
    private var typed: [UInt8] = []
    /// Keyboards, and what else tells events; nil before devices were looked for.
    private(set) var inputs: KernelInputs?
    /// How many bytes were read. Wraps.
    private(set) var readCount: UInt = 0

    /// Whether the serial line gets what is written now.
    private var usesSerial: Bool { choice != .virtio || console?.console == nil }

    /// To be called once, before anything is written.
    ///
    /// - Parameter keepsForScreen: there may be a screen later, which is to show what was written before.
    func choose(_ choice: ConsoleChoice, keepsForScreen: Bool) {
      self.choice = choice
      if choice != .serial { console = ConsoleOutput() }
      if keepsForScreen { screen = ConsoleOutput() }
    }

    /// Devices have been looked for: this is the first console, if there is one.
    func attach(_ device: (any ConsoleDevice)?) {
      guard let console else { return }
      guard let device else {
        self.console = nil
        choice = .serial
        return write("# console: there is no VirtIO console; the serial line is used\n")
      }
      if let loss = console.attach(device) { give(up: loss) }
    }

    /// Devices have been looked for: what is typed on these keyboards counts as well.
    func attach(_ inputs: KernelInputs) { self.inputs = inputs }

    /// The console is about to be reset. Until there is another one, lines are kept again. The screen shows nothing more.
    func detach() {
      console?.detach()
      typed = []
      inputs = nil
      screen = nil
    }

    /// Text is shown on a screen from now on, with what was kept for it; nil: on none, and nothing is kept.
    func show(on device: (any ConsoleDevice)?) {
      guard let device else { return screen = nil }
      let output = screen ?? ConsoleOutput()
      screen = output
      if let loss = output.attach(device) { giveUpScreen(loss) }
    }

    /// Keeps what is written for the screen, if it shows text: it is about to be drawn on, or to change its mode.
    ///
    /// - Returns: what showed text, for `show`.
    func holdScreen() -> (any ConsoleDevice)? {
      let device = screen?.console
      if device != nil { screen?.detach() }
      return device
    }

    /// Writes text.
    func write(_ text: String) {
      // A keyboard has room for a few keys; whoever types ahead while a command writes loses none of them.
      inputs?.take()
      if usesSerial { Machine.console.write(text) }
      if console == nil && screen == nil { return }
      let bytes = Array(text.utf8)
      if let console, let loss = console.write(bytes) { give(up: loss) }
      if let screen, let loss = screen.write(bytes) { giveUpScreen(loss) }
    }

    private func give(up loss: ConsoleOutput.Loss) {
      // What could not be written there is written where it can be seen.
      let hadSerial = choice == .both
      console = nil
      choice = .serial
      if !hadSerial { for byte in loss.text { Machine.console.write(byte) } }
      write("# console: \(loss.reason.words); the serial line is used from now on\n")
    }

    private func giveUpScreen(_ loss: ConsoleOutput.Loss) {
      screen = nil
      write("# screen: \(loss.reason.words); there is no text on it from now on\n")
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
      guard let device = console?.console else { return nil }
      var bytes = InlineArray<64, UInt8>(repeating: 0)
      var count = 0
      do throws(ConsoleFailure) {
        var span = bytes.mutableSpan
        count = try device.read(into: &span)
      } catch {
        console = nil
        choice = .serial
        write("# console: \(error.words); the serial line is used from now on\n")
      }
      for index in (0..<count).reversed() { typed.append(bytes[index]) }
      return typed.popLast()
    }

    /// Writes a byte at once, without memory, while an exception is reported: the serial line has it already.
    func writeInEmergency(_ byte: UInt8) {
      _ = console?.console?.writeInEmergency(byte)
      _ = screen?.console?.writeInEmergency(byte)
    }
  }

  /// The one terminal of this machine. Touched first when nothing interrupts yet.
  let terminal = Terminal()
#endif
