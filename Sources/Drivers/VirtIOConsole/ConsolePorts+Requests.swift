public import DevicePlatform
public import VirtIO

/// Buffers that the caller owns, without waiting.
extension ConsolePorts where T: ~Copyable {
  /// Hands a port a buffer of bytes to send. The whole buffer is sent.
  ///
  /// Refused, besides a full queue, while nobody on the device's side has the port open, for a device drops what comes
  /// then; a console port is always written.
  public mutating func startWrite(port number: Int, from buffer: consuming DMABuffer) -> ConsoleSubmission {
    guard let port = find(number) else {
      return .refused(.portBeyondMaximum(port: number, count: ports.count), buffer)
    }
    if let refusal = writeRefusal(port, number) { return .refused(refusal, buffer) }
    switch port.transmit.submit(buffer, deviceWrites: false) {
    case .accepted(let token): return .accepted(token)
    case .refused(let refusal, let buffer): return .refused(.queue(refusal), buffer)
    }
  }

  /// Hands a port an empty buffer. The device gives it back with some bytes as soon as there are any.
  public mutating func startRead(port number: Int, into buffer: consuming DMABuffer) -> ConsoleSubmission {
    guard let port = find(number) else {
      return .refused(.portBeyondMaximum(port: number, count: ports.count), buffer)
    }
    guard port.isThere else { return .refused(.portMissing(port: number), buffer) }
    switch port.receive.submit(buffer, deviceWrites: true) {
    case .accepted(let token): return .accepted(token)
    case .refused(let refusal, let buffer): return .refused(.queue(refusal), buffer)
    }
  }

  /// Shows the device everything that was started on a port; at most one notification for each direction.
  public mutating func publish(port number: Int) {
    guard let port = find(number) else { return }
    port.receive.publish()
    port.transmit.publish()
  }

  /// The next buffer of a port that came back; nil when there is none. Never waits. Reads come before writes.
  ///
  /// When the device breaks the rules it is marked as failed and reset; buffers that it still had then come back as not
  /// done.
  public mutating func complete(port number: Int) -> ConsoleCompletion? {
    guard let port = find(number) else { return nil }
    while let completion = port.receive.complete() {
      guard completion.tag == Self.chunkTag else { return ConsoleCompletion(.read, isDone: true, completion) }
      // Bytes for the copying form, which is not waiting at the moment.
      port.keepChunk(completion)
    }
    while let completion = port.transmit.complete() {
      // A chunk that was taken too late for `write` is nobody's.
      if completion.tag != Self.chunkTag { return ConsoleCompletion(.write, isDone: true, completion) }
    }
    return completeUnfinished(port)
  }

  /// What is left after a reset.
  private mutating func completeUnfinished(_ port: ConsolePort<T>) -> ConsoleCompletion? {
    if port.fault == nil, !port.receive.isReset { return nil }
    failDevice()
    while let completion = port.receive.takeUnfinished() {
      if completion.tag != Self.chunkTag { return ConsoleCompletion(.read, isDone: false, completion) }
    }
    while let completion = port.transmit.takeUnfinished() {
      if completion.tag != Self.chunkTag { return ConsoleCompletion(.write, isDone: false, completion) }
    }
    return nil
  }

  /// How many buffers of a port the device has, or has given back and nobody took: from the device, and to it.
  public func inFlight(port number: Int) -> (reads: Int, writes: Int) {
    guard let port = find(number) else { return (0, 0) }
    return (port.receive.inFlight, port.transmit.inFlight)
  }

  /// How many buffers each direction of a port can have in flight.
  public func capacity(port number: Int) -> (reads: Int, writes: Int) {
    guard let port = find(number) else { return (0, 0) }
    return (port.receive.capacity, port.transmit.capacity)
  }

  func writeRefusal(_ port: ConsolePort<T>, _ number: Int) -> ConsoleRefusal? {
    if !port.isThere { return .portMissing(port: number) }
    if !port.isOpenByDevice, !port.isConsole { return .portClosed(port: number) }
    return nil
  }

  /// Asks for an interrupt when anything finishes on a port that is there, or the device has a message; true if
  /// something has come already.
  public mutating func arm() -> Bool {
    var isPending = false
    if let control {
      if control.receive.arm() { isPending = true }
      // Only then is something waiting for room there.
      if ports.contains(where: { $0.owesMessage }), control.transmit.arm() { isPending = true }
    }
    for port in ports where port.isThere {
      if port.receive.arm() { isPending = true }
      if port.transmit.inFlight > 0, port.transmit.arm() { isPending = true }
    }
    return isPending
  }

  /// Asks for no interrupts.
  public mutating func disarm() {
    control?.receive.disarm()
    control?.transmit.disarm()
    for port in ports {
      port.receive.disarm()
      port.transmit.disarm()
    }
  }

  /// Resets the device and ends its use. Buffers that it still had come from `complete`, not done.
  public mutating func shutDown<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(2)
  ) throws(BringupError) {
    deviceWasReset(try transport.reset(waiter: &waiter, timeout: timeout))
  }

  /// The bus says that the device is no longer there, as when its slot is empty or without power: it writes no memory any
  /// more. Buffers that it still had come from `complete`, not done.
  ///
  /// Only the bus can say so. A device whose registers merely read as ones may still write.
  public mutating func deviceWasRemoved(_ removal: DeviceRemoval) {
    for port in ports { port.deviceWasRemoved(removal) }
    control?.deviceWasRemoved(removal)
  }

  /// The rules were broken: FAILED, then a reset, so that the device lets go of all buffers.
  mutating func failDevice() {
    if isFailed || ports[0].receive.isReset { return }
    isFailed = true
    transport.addStatus(.failed)
    if let reset = transport.reset(attempts: 1_000_000) { deviceWasReset(reset) }
  }

  private mutating func deviceWasReset(_ reset: DeviceReset) {
    for port in ports { port.deviceWasReset(reset) }
    control?.deviceWasReset(reset)
  }
}

extension ConsolePort where T: ~Copyable {
  /// Bytes came for the copying form.
  func keepChunk(_ completion: consuming Completion) {
    chunkToken = nil
    chunkStart = 0
    chunkEnd = Int(completion.written)
    chunk = completion.takeBuffer()
  }
}
