#if os(none)
  import BareMetal

  /// How a device's interrupts arrive, for as long as they do.
  final class DeviceConnection {
    /// All lines that it uses.
    let lines: DeviceLines
    private let way: InterruptWay
    /// False once a line of it was masked for good: whoever waits for the device polls from then on.
    private(set) var isUsable = true

    /// A connection that stands.
    init(_ lines: DeviceLines, _ way: InterruptWay) {
      self.lines = lines
      self.way = way
    }

    /// The lines that its interrupts arrive at.
    var numbers: [InterruptLine] {
      switch way {
      case .line(let route): [route.line]
      case .messages(let messages): messages.messages.map { $0.line }
      case .unknown: []
      }
    }

    /// In words, such as `interrupt line 24`.
    var words: String {
      let list = numbers.map { String($0.number) }.joined(separator: " ")
      if case .messages = way { return "interrupt messages \(list)" }
      return "interrupt line \(list)"
    }

    /// True when its interrupts are messages, which tell something by their arrival.
    var usesMessages: Bool {
      if case .messages = way { return true }
      return false
    }

    /// How many of its messages came before there was a driver; 0 when it has a line, which was masked then.
    var earlyCount: Int {
      if case .messages(let messages) = way { return messages.earlyCount }
      return 0
    }

    /// Raises all its messages, as the device would; nothing when it has a line.
    func raise() {
      if case .messages(let messages) = way { for message in messages.messages { lines.interrupts.raise(message) } }
    }

    /// Keeps its interrupts from arriving, or lets them through again.
    func setMasked(_ isMasked: Bool) {
      switch way {
      case .line(let route):
        if isMasked { lines.interrupts.mask(route.line) } else { lines.interrupts.unmask(route.line) }
      case .messages(let messages): messages.setMasked(isMasked)
      case .unknown: break
      }
    }

    /// A line of it was out of order: no more is expected of any.
    func giveUp() {
      isUsable = false
      if case .messages(let messages) = way { messages.setMasked(true) }
    }

    /// Lets go of lines or messages.
    func end() {
      isUsable = false
      if case .messages(let messages) = way { messages.free() }
    }
  }
#endif
