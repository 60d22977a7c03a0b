public import DevicePlatform

/// A machine on a network: the card, its address, and what it knows of its neighbours.
///
///     var host = NetworkHost(port: port, secret: (one, other))
///     let lease = try host.configure(waiter: &waiter)
///     let time = try host.ping(lease.server, waiter: &waiter)
///     let file = try host.fetch("kernel", from: lease.server, waiter: &waiter) { block in ... }
///
/// One thing at a time: a client sends, waits, and looks at what comes in; meanwhile the host answers questions about its
/// address, and echoes. `answer` does only that.
public struct NetworkHost<Port: FramePort & ~Copyable>: ~Copyable {
  /// The card.
  public var port: Port
  /// This machine's address and its network; nil before `configure`, and when the lease has ended.
  public internal(set) var lease: Lease?
  /// When the lease ends; nil for one that does not.
  public internal(set) var leaseEnd: MonotonicTime?
  /// When to ask for more time: nil without a lease, and with one that does not end.
  public internal(set) var renewalTime: MonotonicTime?
  /// What became of frames so far.
  public internal(set) var counters = HostCounters()
  var neighbours = Neighbours()
  var random: RandomNumbers

  /// - Parameters:
  ///   - port: the card.
  ///   - secret: random bits, never the same twice: identifiers are made of them.
  public init(port: consuming Port, secret: (UInt64, UInt64)) {
    self.port = port
    random = RandomNumbers(key: secret)
  }

  /// This machine's address; unspecified before `configure`.
  public var address: IPv4Address { lease?.address ?? .unspecified }

  /// Takes an address without asking anybody.
  public mutating func configure(_ lease: Lease) {
    forgetLease()
    self.lease = lease
    neighbours.removeAll()
  }

  /// An address must not be used when its time is over (RFC 2131, 4.4.5).
  mutating func dropEndedLease(now: MonotonicTime) {
    if let leaseEnd, leaseEnd <= now { forgetLease() }
  }

  mutating func forgetLease() {
    lease = nil
    leaseEnd = nil
    renewalTime = nil
  }

  /// Answers the questions of others until a moment, and drops everything else.
  public mutating func answer<W: Waiter & ~Copyable>(until deadline: MonotonicTime, waiter: inout W) {
    while let packet = nextPacket(until: deadline, waiter: &waiter) { drop(packet, .unexpected) }
  }
}
