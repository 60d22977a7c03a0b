#if os(none)
  import BareMetal

  /// The line that a device's interrupts arrive at.
  struct InterruptRoute: Equatable {
    let line: InterruptLine
    let trigger: InterruptTrigger
  }

  /// How a device can interrupt.
  enum InterruptWay {
    /// By a line, which it may share.
    case line(InterruptRoute)
    /// By messages that are its own.
    case messages(DeviceMessages)
    /// Nobody knows its line.
    case unknown
  }
#endif
