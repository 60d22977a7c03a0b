internal import DevicePlatform

/// What a look at the card has brought.
enum Look: ~Copyable {
  /// Something for a client.
  case packet(Packet)
  /// A frame that is done with.
  case handled
  /// Nothing.
  case nothing
}

extension NetworkHost where Port: ~Copyable {
  /// The next packet for a client. Answers others meanwhile. nil when there is none before the deadline, however much
  /// comes in.
  mutating func nextPacket<W: Waiter & ~Copyable>(until deadline: MonotonicTime, waiter: inout W) -> Packet? {
    while waiter.now < deadline {
      switch look(now: waiter.now) {
      case .packet(let packet): return packet
      case .handled: break
      case .nothing: pause(until: deadline, waiter: &waiter)
      }
    }
    port.flush()
    return nil
  }

  /// Waits for the card, or until a moment.
  mutating func pause<W: Waiter & ~Copyable>(until deadline: MonotonicTime, waiter: inout W) {
    port.flush()
    if !port.arm() { waiter.wait(until: deadline) }
  }

  /// Looks at one frame.
  mutating func look(now: MonotonicTime) -> Look {
    guard let frame = port.receive() else { return .nothing }
    dropEndedLease(now: now)
    counters.received += 1
    switch Verdict.of(frame, card: port.address, lease: lease, &counters.checksums) {
    case .drop(let reason):
      counters[reason] += 1
      port.giveBack(frame)
    case .packet(let content, let source, let payload):
      counters.delivered += 1
      return .packet(Packet(frame, from: source, content, payload: payload))
    case .echo(let echo, let source, let card, let end):
      reply(to: frame, echo, from: source, card, end: end)
    case .question(let packet, let card):
      neighbours.learn(card, of: packet.sender, now: now)
      answer(packet, from: card, in: frame)
    }
    return .handled
  }

  /// Sends an echo back in the buffer that it came in.
  private mutating func reply(
    to frame: consuming Frame, _ echo: ICMPEcho, from source: IPv4Address, _ card: EthernetAddress, end: Int
  ) {
    var frame = frame
    frame.setByteCount(end)
    frame.putHeader(to: card, from: port.address, type: EthernetHeader.ipv4)
    let start = EthernetHeader.byteCount + IPv4Header.byteCount
    IPv4Header.write(
      to: &frame, identification: random.next16(), protocolNumber: IPv4Header.icmp, payloadByteCount: end - start,
      from: address, to: source)
    ICMPEcho.write(
      to: &frame, at: start, type: ICMPEcho.reply, identifier: echo.identifier, sequence: echo.sequence)
    counters.answered += 1
    transmit(frame)
  }

  /// Drops what a client was given and does not want.
  mutating func drop(_ packet: consuming Packet, _ reason: DropReason) {
    counters.delivered -= 1
    counters[reason] += 1
    port.giveBack(packet.takeFrame())
  }

  /// Gives the buffer of a packet back that a client has used.
  mutating func finish(_ packet: consuming Packet) { port.giveBack(packet.takeFrame()) }
}
