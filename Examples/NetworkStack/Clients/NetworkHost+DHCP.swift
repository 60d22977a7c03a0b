public import DevicePlatform

extension NetworkHost where Port: ~Copyable {
  /// Asks for an address, and takes it.
  ///
  /// - Throws: after which the machine has no address.
  public mutating func configure<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(10)
  ) throws(HostError) -> Lease {
    lease = nil
    neighbours.removeAll()
    let deadline = waiter.now + timeout
    let transaction = UInt32(truncatingIfNeeded: random.next())
    let offer = try exchange(.discover, transaction, wish: nil, until: deadline, waiter: &waiter)
    let lease = try exchange(.request, transaction, wish: offer, until: deadline, waiter: &waiter)
    self.lease = lease
    return lease
  }

  /// Sends a message until the answer to it comes.
  private mutating func exchange<W: Waiter & ~Copyable>(
    _ kind: DHCPMessage.Kind, _ transaction: UInt32, wish: Lease?, until deadline: MonotonicTime, waiter: inout W
  ) throws(HostError) -> Lease {
    let client = port.address
    let expected: DHCPMessage.Kind = wish == nil ? .offer : .acknowledgement
    var retries = Retries(until: deadline)
    while let retry = retries.next(now: waiter.now) {
      try sendDatagram(
        from: DHCPMessage.clientPort, to: .broadcast, DHCPMessage.serverPort, until: deadline, waiter: &waiter
      ) { writer in
        DHCPMessage.write(
          to: &writer, kind, transaction: transaction, client: client, wish: wish.map { ($0.address, $0.server) })
      }
      while let packet = nextPacket(until: retry, waiter: &waiter) {
        let message =
          packet.isDatagram(to: DHCPMessage.clientPort, from: DHCPMessage.serverPort)
          ? packet.read(DHCPMessage.init) : nil
        guard let message, message.transaction == transaction, message.client == client,
          wish == nil || message.server == wish?.server
        else {
          drop(packet, .unexpected)
          continue
        }
        if message.kind == .refusal, wish != nil {
          finish(packet)
          throw .leaseRefused
        }
        if message.kind == expected, let lease = message.lease, wish == nil || lease.address == wish?.address {
          finish(packet)
          return lease
        }
        drop(packet, .unexpected)
      }
    }
    throw .timedOut(waitingFor: wish == nil ? .offer : .lease)
  }
}
