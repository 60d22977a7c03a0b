public import DevicePlatform
public import VirtIO

/// A console device: one port, or several that come, go, open and close while the machine runs.
///
/// Two ways to use a port, which do not mix in one direction: `write` and `read` copy, for a shell or a log; `startWrite`
/// and `startRead`, `publish` and `complete` work on buffers that the caller owns, without waiting. `nextEvent` tells
/// what became of the ports; call it until it returns nil whenever the mailbox has used buffers.
///
/// The value is the device's one owner. Dropping it resets the device; buffers that the device still had go back to
/// where they came from, unless it does not finish its reset: then they are lost for good.
///
/// SPEC: Device Types / Console Device
public struct ConsolePorts<T: Transport & ~Copyable>: ~Copyable {
  var transport: T
  let ports: [ConsolePort<T>]
  let control: ConsoleControl<T>?
  /// The most ports that the device can have, by its own word.
  public let deviceMaximumPorts: UInt32
  /// The device broke the rules and was told so; once, even if it never finishes its reset.
  var isFailed = false
  let chunkByteCount: Int
  /// Where the interrupt side leaves events. Take them before looking for completions.
  public let mailbox = EventMailbox()
  /// What was negotiated.
  public let features: FeatureSet
  /// Control messages that were refused, see `ConsoleEvent.refused`.
  public internal(set) var refusedMessageCount: UInt64 = 0

  /// Marks the requests of the copying forms.
  static var chunkTag: UInt16 { 1 }

  /// Brings a console up. With several ports, there are none until `nextEvent` says so; else port 0 is there at once.
  ///
  /// - Parameters:
  ///   - transport: consumed, also on failure: a device that could not be brought up is left with FAILED set.
  ///   - options: limits and wishes.
  ///   - waiter: waits for the reset.
  public init<W: Waiter & ~Copyable>(
    _ transport: consuming T, options: ConsoleOptions = ConsoleOptions(), waiter: inout W
  ) throws(BringupError) {
    precondition(options.chunkByteCount > 0, "chunkByteCount is at least 1")
    precondition(options.maximumPorts > 0 && options.maximumPorts < 32_768, "maximumPorts is 1 to 32767")
    precondition(options.controlBufferCount > 0, "controlBufferCount is at least 1")
    precondition(options.controlByteCount >= 12, "a control message has up to 12 bytes and a name")
    var transport = transport
    let parts = try transport.bringUp(
      as: .console, features: DriverFeatures(wanted: options.features.intersection(ConsoleOptions().features)),
      waiter: &waiter, timeout: options.resetTimeout
    ) { (transport, features) throws(BringupError) in
      try ConsoleParts(&transport, options, features)
    }
    self.transport = transport
    ports = parts.ports
    control = parts.control
    deviceMaximumPorts = parts.deviceMaximumPorts
    features = parts.features
    chunkByteCount = options.chunkByteCount
    disarm()
    if let control {
      // SPEC: drivernormative:Device Types / Console Device / Device Operation / Multiport Device Operation
      control.receive.publish()
      _ = control.send(ConsoleMessage(port: 0, event: ConsoleMessage.deviceReady, value: 1))
      control.transmit.publish()
    } else {
      ports[0].isThere = true
      ports[0].isOpenByDevice = true
      ports[0].isConsole = true
      refreshSize()
    }
  }

  deinit {
    // A device that still owned buffers would go on writing them.
    if let reset = transport.reset(attempts: 1_000_000) {
      for port in ports { port.deviceWasReset(reset) }
      control?.deviceWasReset(reset)
    }
  }

  /// The interrupt side: for the kernel's interrupt table. Without it the driver works by polling.
  public func makeInterruptHandle() -> InterruptHandle<T.Interrupts> {
    InterruptHandle(source: transport.makeInterruptSource(), mailbox: mailbox)
  }

  /// How many ports this driver has queues for; their numbers are below it.
  public var portCount: Int { ports.count }
  /// How the device broke the rules of a queue, if it did. It was reset then, and takes nothing more.
  public var fault: QueueFault? {
    if let fault = control?.receive.fault ?? control?.transmit.fault { return fault }
    for port in ports { if let fault = port.fault { return fault } }
    return nil
  }
  /// What the device status says at this moment.
  public var status: DeviceStatus { transport.readStatus() }
  /// Where the device is.
  public var location: String { transport.location }
  /// True when the device follows the drafts before version 1.
  public var isLegacy: Bool { transport.isLegacy }

  /// A port's queues, to look at: from the device, and to it. nil when the number is not below `portCount`.
  public func queueStates(ofPort port: Int) -> (receive: QueueState, transmit: QueueState)? {
    guard let port = find(port) else { return nil }
    return (QueueState(port.receive), QueueState(port.transmit))
  }

  func find(_ port: Int) -> ConsolePort<T>? { ports.indices.contains(port) ? ports[port] : nil }
}
