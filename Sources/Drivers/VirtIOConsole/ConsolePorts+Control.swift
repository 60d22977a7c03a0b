internal import DevicePlatform
internal import VirtIO

/// What the device tells of its ports, and what it is told.
extension ConsolePorts where T: ~Copyable {
  /// What happened next to the ports; nil when there is nothing new. Never waits. Always nil for a device of one port.
  ///
  /// Call it until it returns nil, then wait for an interrupt: only then are the answers sent that the device waits for,
  /// and does it get the buffers back that its messages came in.
  public mutating func nextEvent() -> ConsoleEvent? {
    guard let control else { return nil }
    if let completion = control.receive.complete() {
      let written = Int(completion.written)
      let buffer = completion.takeBuffer()
      let event = take(buffer, written)
      // Back to the device, for another message, when all that came is told: a device that fills each buffer at once
      // would keep the caller here for ever. Dropped with a device that failed.
      _ = control.receive.submit(buffer, deviceWrites: true)
      return event
    }
    if control.receive.fault != nil || control.transmit.fault != nil {
      failDevice()
      return nil
    }
    // What the device has read is taken back here, so that nothing of it waits for the next message.
    control.takeBackSent()
    answer(control)
    return nil
  }

  /// Opens a port on the driver's side: tells the device, now or with the next `nextEvent`, that somebody listens.
  public mutating func open(port number: Int) throws(ConsoleRefusal) { try setOpen(number, true) }

  /// Closes a port on the driver's side.
  public mutating func close(port number: Int) throws(ConsoleRefusal) { try setOpen(number, false) }

  private mutating func setOpen(_ number: Int, _ isOpen: Bool) throws(ConsoleRefusal) {
    guard let port = find(number) else { throw .portBeyondMaximum(port: number, count: ports.count) }
    guard port.isThere else { throw .portMissing(port: number) }
    // What is owed goes first, so that opening and closing in a row is told, not cancelled out.
    if let control { answer(control) }
    port.isOpen = isOpen
    if let control { answer(control) }
  }

  /// Sends what the device has to be told, as far as there is room, and never more at once than the device has buffers
  /// to reply to: it drops a reply that has none.
  private mutating func answer(_ control: ConsoleControl<T>) {
    // Before anything is sent: replies need buffers.
    control.receive.publish()
    // A port that is ready is told its name, its state and whether it is a console.
    // With fewer buffers than that, one at a time is the best that can be done.
    var room = max(1, control.receive.inFlight / 4)
    for (number, port) in ports.enumerated() where port.owesMessage {
      guard room > 0 else { break }
      let id = UInt32(number)
      if port.owesReady {
        guard control.send(ConsoleMessage(port: id, event: ConsoleMessage.portReady, value: 1)) else { break }
        port.owesReady = false
        room -= 1
      }
      if port.isOpen != port.toldOpen {
        let value: UInt16 = port.isOpen ? 1 : 0
        guard control.send(ConsoleMessage(port: id, event: ConsoleMessage.portOpen, value: value)) else { break }
        port.toldOpen = port.isOpen
      }
    }
    control.transmit.publish()
  }

  /// Understands one message; everything in it is the device's word.
  private mutating func take(_ buffer: borrowing DMABuffer, _ byteCount: Int) -> ConsoleEvent {
    guard byteCount >= ConsoleMessage.byteCount else {
      return refuse(.tooShort(byteCount: byteCount, needed: ConsoleMessage.byteCount))
    }
    let message = ConsoleMessage(buffer)
    guard message.port < deviceMaximumPorts else {
      return refuse(.portBeyondMaximum(port: message.port, maximum: deviceMaximumPorts))
    }
    guard let port = find(Int(message.port)) else { return decline(message) }
    let number = Int(message.port)
    if message.event == ConsoleMessage.portAdd {
      if port.isThere { return refuse(.portRepeated(port: message.port)) }
      port.appear()
      return .added(port: number)
    }
    guard ConsoleMessage.fromDevice.contains(message.event) else { return refuse(.eventUnknown(message.event)) }
    guard port.isThere else { return refuse(.portMissing(port: message.port, event: message.event)) }
    switch message.event {
    case ConsoleMessage.portRemove:
      port.isThere = false
      return .removed(port: number)
    case ConsoleMessage.consolePort:
      port.isConsole = true
      // SPEC: drivernormative:Device Types / Console Device / Device Operation / Multiport Device Operation
      port.isOpen = true
      port.toldOpen = false
      return .isConsole(port: number)
    case ConsoleMessage.resize:
      guard byteCount >= 12 else { return refuse(.tooShort(byteCount: byteCount, needed: 12)) }
      port.size = ConsoleSize(columns: ConsoleMessage.word(buffer, at: 8), rows: ConsoleMessage.word(buffer, at: 10))
      return .resized(port: number)
    case ConsoleMessage.portOpen:
      guard message.value <= 1 else { return refuse(.valueInvalid(message.value, event: message.event)) }
      port.isOpenByDevice = message.value == 1
      return port.isOpenByDevice ? .opened(port: number) : .closed(port: number)
    default:
      port.name = Self.name(buffer, byteCount)
      return .named(port: number)
    }
  }

  private mutating func refuse(_ fault: ConsoleMessageFault) -> ConsoleEvent {
    refusedMessageCount &+= 1
    return .refused(fault)
  }

  /// A port that the device may have, and that this driver has no queues for.
  private mutating func decline(_ message: ConsoleMessage) -> ConsoleEvent {
    guard message.event == ConsoleMessage.portAdd else {
      return refuse(.portMissing(port: message.port, event: message.event))
    }
    if let control, control.send(ConsoleMessage(port: message.port, event: ConsoleMessage.portReady, value: 0)) {
      control.transmit.publish()
    }
    return .declined(port: message.port)
  }

  /// What follows the message, up to a zero: QEMU puts one there, the spec none.
  private static func name(_ buffer: borrowing DMABuffer, _ byteCount: Int) -> String {
    var bytes: [UInt8] = []
    for index in ConsoleMessage.byteCount..<byteCount where buffer[index] != 0 { bytes.append(buffer[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ConsoleMessage {
  /// What a device sends about a port that it has.
  static var fromDevice: [UInt16] { [portRemove, consolePort, resize, portOpen, portName] }
}

extension ConsolePort where T: ~Copyable {
  /// The device has added the port: nothing that was known of an earlier one holds.
  func appear() {
    isThere = true
    isConsole = false
    isOpenByDevice = false
    isOpen = false
    toldOpen = false
    owesReady = true
    name = nil
    size = nil
  }
}
