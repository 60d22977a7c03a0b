public import DevicePlatform

extension NetworkHost where Port: ~Copyable {
  /// Sends an echo and waits for its reply, which must have the same data.
  ///
  /// - Parameter byteCount: how much data; at most the link's packet less 28 bytes.
  /// - Returns: the time from sending to the reply.
  public mutating func ping<W: Waiter & ~Copyable>(
    _ destination: IPv4Address, byteCount: Int = 56, waiter: inout W, timeout: TimeSpan = .seconds(2)
  ) throws(HostError) -> TimeSpan {
    guard destination.isUsable, destination != lease?.broadcast else { throw .badAddress(destination) }
    let deadline = waiter.now + timeout
    let identifier = random.next16()
    // The neighbour first, so that the question about its card does not count.
    _ = try card(for: destination, until: deadline, waiter: &waiter)
    let start = waiter.now
    try sendEcho(
      identifier: identifier, sequence: 1, byteCount: byteCount, to: destination, until: deadline, waiter: &waiter)
    while let packet = nextPacket(until: deadline, waiter: &waiter) {
      if case .echoReply(identifier, 1) = packet.content, packet.source == destination,
        packet.read({ Self.isEcho($0, byteCount) })
      {
        finish(packet)
        return waiter.now - start
      }
      drop(packet, .unexpected)
    }
    throw .timedOut(waitingFor: .echoReply(from: destination))
  }

  private static func isEcho(_ payload: Span<UInt8>, _ byteCount: Int) -> Bool {
    guard payload.count == byteCount else { return false }
    for index in 0..<byteCount where payload[index] != UInt8(truncatingIfNeeded: index) { return false }
    return true
  }
}
