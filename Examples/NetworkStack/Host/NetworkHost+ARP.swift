internal import DevicePlatform

extension NetworkHost where Port: ~Copyable {
  /// The card to send to for an address: the neighbour's, or the router's.
  mutating func card<W: Waiter & ~Copyable>(
    for destination: IPv4Address, until deadline: MonotonicTime, waiter: inout W
  ) throws(HostError) -> EthernetAddress {
    if destination == .broadcast { return .broadcast }
    dropEndedLease(now: waiter.now)
    guard let lease else { throw .noAddress }
    if destination == lease.broadcast { return .broadcast }
    let isLocal = lease.isLocal(destination)
    guard let hop = isLocal ? destination : lease.router else { throw .noRoute(to: destination) }
    if let card = neighbours.card(of: hop, now: waiter.now) { return card }
    return try ask(for: hop, until: deadline, waiter: &waiter)
  }

  private mutating func ask<W: Waiter & ~Copyable>(
    for hop: IPv4Address, until deadline: MonotonicTime, waiter: inout W
  ) throws(HostError) -> EthernetAddress {
    neighbours.ask(for: hop, now: waiter.now)
    var retries = Retries(until: deadline)
    while let retry = retries.next(now: waiter.now) {
      var frame = Frame(try takeBuffer(until: deadline, waiter: &waiter), byteCount: EthernetHeader.byteCount)
      frame.setByteCount(EthernetHeader.byteCount + ARPPacket.byteCount)
      frame.putHeader(to: .broadcast, from: port.address, type: EthernetHeader.arp)
      ARPPacket.write(
        to: &frame, isRequest: true, from: port.address, address, to: EthernetAddress(rawValue: 0), hop)
      transmit(frame)
      while waiter.now < retry {
        switch look(now: waiter.now) {
        case .packet(let packet): drop(packet, .unexpected)
        case .handled: break
        case .nothing: pause(until: retry, waiter: &waiter)
        }
        if let card = neighbours.card(of: hop, now: waiter.now) { return card }
      }
    }
    throw .timedOut(waitingFor: .card(of: hop))
  }

  /// Answers a question about this machine, in the buffer that it came in.
  mutating func answer(_ packet: ARPPacket, from card: EthernetAddress, in frame: consuming Frame) {
    guard packet.isRequest, lease != nil, packet.target == address else {
      counters.learnt += 1
      port.giveBack(frame)
      return
    }
    var frame = frame
    frame.setByteCount(EthernetHeader.byteCount + ARPPacket.byteCount)
    frame.putHeader(to: card, from: port.address, type: EthernetHeader.arp)
    ARPPacket.write(to: &frame, isRequest: false, from: port.address, address, to: card, packet.sender)
    counters.answered += 1
    transmit(frame)
  }
}
