public import DevicePlatform

extension NetworkHost where Port: ~Copyable {
  /// Asks the name server for a name's address.
  public mutating func resolve<W: Waiter & ~Copyable>(
    _ name: String, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(HostError) -> IPv4Address {
    guard let lease else { throw .noAddress }
    guard let server = lease.nameServer else { throw .noNameServer }
    guard let message = DNSMessage(name: name) else { throw .badName }
    let deadline = waiter.now + timeout
    let (identifier, local) = (random.next16(), random.nextPort())
    var retries = Retries(until: deadline)
    while let retry = retries.next(now: waiter.now) {
      try sendDatagram(from: local, to: server, DNSMessage.port, until: deadline, waiter: &waiter) { writer in
        message.writeQuestion(to: &writer, identifier: identifier)
      }
      while let packet = nextPacket(until: retry, waiter: &waiter) {
        var answer = DNSMessage.Answer.other
        if packet.isDatagram(to: local, from: DNSMessage.port), packet.source == server {
          answer = packet.read { message.answer(in: $0, identifier: identifier) }
        }
        switch answer {
        case .other: drop(packet, .unexpected)
        case .none(let code):
          finish(packet)
          throw .nameNotResolved(code: code)
        case .address(let address):
          finish(packet)
          return address
        }
      }
    }
    throw .timedOut(waitingFor: .nameServer)
  }
}
