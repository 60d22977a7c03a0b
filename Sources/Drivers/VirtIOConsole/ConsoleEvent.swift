/// What a device told of its ports.
public enum ConsoleEvent: Equatable, Sendable {
  /// A port is there now, and can be used.
  case added(port: Int)
  /// A port was added whose number is above what this driver was told to use. It was declined.
  case declined(port: UInt32)
  /// A port is gone. Buffers that its queues still have stay there: they serve it when it comes back.
  case removed(port: Int)
  /// A port is a console: it is for text, and was opened for the device.
  case isConsole(port: Int)
  /// Somebody on the device's side has opened a port: what is written arrives.
  case opened(port: Int)
  /// Nobody on the device's side has the port open any more.
  case closed(port: Int)
  /// A port has a name, see `name(ofPort:)`.
  case named(port: Int)
  /// A port has another size, see `size(ofPort:)`.
  case resized(port: Int)
  /// A message that cannot be; it had no effect.
  case refused(ConsoleMessageFault)
}

/// What is wrong with a control message of the device.
public enum ConsoleMessageFault: Error, Equatable, Sendable {
  /// Shorter than its kind of message is.
  case tooShort(byteCount: Int, needed: Int)
  /// A port number that is not below `max_nr_ports`.
  case portBeyondMaximum(port: UInt32, maximum: UInt32)
  /// A port was added that is there already.
  case portRepeated(port: UInt32)
  /// A message about a port that was not added, or was removed.
  case portMissing(port: UInt32, event: UInt16)
  /// A kind of message that is not known, or that only drivers send.
  case eventUnknown(UInt16)
  /// Open or closed, and neither 0 nor 1.
  case valueInvalid(UInt16, event: UInt16)

  /// The fault in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .tooShort(let byteCount, let needed):
      "a control message of \(byteCount) bytes, expected at least \(needed)"
    case .portBeyondMaximum(let port, let maximum):
      "a control message about port \(port), expected a number below max_nr_ports, \(maximum)"
    case .portRepeated(let port): "port \(port) was added twice"
    case .portMissing(let port, let event):
      "control message \(event) about port \(port), which was not added"
    case .eventUnknown(let event): "control message \(event), expected 1, 2 or 4 to 7"
    case .valueInvalid(let value, let event): "control message \(event) with value \(value), expected 0 or 1"
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    switch self {
    case .portBeyondMaximum, .portRepeated, .portMissing:
      "devicenormative:Device Types / Console Device / Device Operation / Multiport Device Operation"
    case .tooShort, .eventUnknown, .valueInvalid: nil
    }
  }
}
