public import DevicePlatform

extension NetworkHost where Port: ~Copyable {
  /// Asks for an address, and takes it.
  ///
  /// - Throws: after which the machine has no address.
  public mutating func configure<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(10)
  ) throws(HostError) -> Lease {
    forgetLease()
    neighbours.removeAll()
    let deadline = waiter.now + timeout
    let transaction = UInt32(truncatingIfNeeded: random.next())
    let offer = try exchange(.first, transaction, until: deadline, waiter: &waiter)
    let start = waiter.now
    return take(try exchange(.offered(offer), transaction, until: deadline, waiter: &waiter), from: start)
  }

  /// Asks the server that gave the address for more time with it (RFC 2131, 4.3.2 and 4.4.5). Others may go on talking to
  /// this machine meanwhile.
  ///
  /// - Throws: `.leaseRefused`: the machine has no address from now on. After all else it has it until the lease ends.
  public mutating func renew<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(10)
  ) throws(HostError) -> Lease {
    dropEndedLease(now: waiter.now)
    guard let lease else { throw .noAddress }
    let transaction = UInt32(truncatingIfNeeded: random.next())
    let start = waiter.now
    do throws(HostError) {
      return take(try exchange(.renewal(lease), transaction, until: start + timeout, waiter: &waiter), from: start)
    } catch {
      if error == .leaseRefused { forgetLease() }
      throw error
    }
  }

  /// Renews the lease when half of its time is over; nothing to do before, and without one that ends. To be called now and
  /// then. A server that does not answer is asked again after half of the time that is left, a minute at least (RFC 2131,
  /// 4.4.5): the address is good until then.
  ///
  /// - Throws: what took the address away.
  public mutating func renewIfDue<W: Waiter & ~Copyable>(waiter: inout W) throws(HostError) {
    dropEndedLease(now: waiter.now)
    guard let moment = renewalTime, moment <= waiter.now else { return }
    do throws(HostError) {
      _ = try renew(waiter: &waiter)
    } catch {
      let now = waiter.now
      dropEndedLease(now: now)
      guard let leaseEnd else { throw error }
      renewalTime = now + max(.seconds(60), TimeSpan(nanoseconds: (leaseEnd - now).nanoseconds / 2))
    }
  }

  /// The time of a lease counts from the moment in which the client asked for it.
  private mutating func take(_ lease: Lease, from start: MonotonicTime) -> Lease {
    self.lease = lease
    let isEndless = lease.span.nanoseconds == .max
    leaseEnd = isEndless ? nil : start + lease.span
    renewalTime = isEndless ? nil : start + TimeSpan(nanoseconds: lease.span.nanoseconds / 2)
    return lease
  }

  /// What the client has when it asks.
  private enum Question {
    case first
    case offered(Lease)
    case renewal(Lease)

    var answer: DHCPMessage.Kind { if case .first = self { .offer } else { .acknowledgement } }
    var step: HostError.Step { if case .first = self { .offer } else { .lease } }
    /// The address that is at stake, and whose it is to give.
    var lease: Lease? {
      switch self {
      case .first: nil
      case .offered(let lease), .renewal(let lease): lease
      }
    }
    /// Whom to ask: a client with an address asks its server alone.
    var destination: IPv4Address { if case .renewal(let lease) = self { lease.server } else { .broadcast } }
  }

  /// Sends a message until the answer to it comes.
  private mutating func exchange<W: Waiter & ~Copyable>(
    _ question: Question, _ transaction: UInt32, until deadline: MonotonicTime, waiter: inout W
  ) throws(HostError) -> Lease {
    let client = port.address
    let known = question.lease
    var retries = Retries(until: deadline)
    while let retry = retries.next(now: waiter.now) {
      try sendDatagram(
        from: DHCPMessage.clientPort, to: question.destination, DHCPMessage.serverPort, until: deadline,
        waiter: &waiter
      ) { writer in
        switch question {
        case .first: DHCPMessage.write(to: &writer, .discover, transaction: transaction, client: client, wish: nil)
        case .offered(let lease):
          DHCPMessage.write(
            to: &writer, .request, transaction: transaction, client: client, wish: (lease.address, lease.server))
        case .renewal(let lease):
          DHCPMessage.write(
            to: &writer, .request, transaction: transaction, client: client, wish: nil, own: lease.address)
        }
      }
      while let packet = nextPacket(until: retry, waiter: &waiter) {
        let message =
          packet.isDatagram(to: DHCPMessage.clientPort, from: DHCPMessage.serverPort)
          ? packet.read(DHCPMessage.init) : nil
        guard let message, message.transaction == transaction, message.client == client,
          known == nil || message.server == known?.server
        else {
          drop(packet, .unexpected)
          continue
        }
        if message.kind == .refusal, known != nil {
          finish(packet)
          throw .leaseRefused
        }
        if message.kind == question.answer, let lease = message.lease,
          known == nil || lease.address == known?.address
        {
          finish(packet)
          return lease
        }
        drop(packet, .unexpected)
      }
    }
    throw .timedOut(waitingFor: question.step)
  }
}
