public import DevicePlatform

/// A file that was fetched.
public struct FileTransfer: Equatable, Sendable {
  /// How long the file is.
  public internal(set) var byteCount = 0
  /// How long each block is, but the last.
  public internal(set) var blockByteCount = TFTPMessage.usualBlockByteCount
  /// How many blocks came, each counted once.
  public internal(set) var blockCount = 0
  /// How often something was sent again.
  public internal(set) var repetitions = 0
}

extension NetworkHost where Port: ~Copyable {
  /// Fetches a file, block by block. Blocks are as large as the link's packets, if the server agrees.
  ///
  /// - Parameters:
  ///   - name: 1 to 255 bytes.
  ///   - limit: the most bytes to take.
  ///   - timeout: how long the server may take from block to block; each is asked for again meanwhile.
  ///   - sink: gets the blocks in order, each once, as they lie in the card's buffer.
  /// - Throws: also after `sink` has got some of the file.
  public mutating func fetch<W: Waiter & ~Copyable>(
    _ name: String, from server: IPv4Address, waiter: inout W, limit: Int = 1 << 30,
    timeout: TimeSpan = .seconds(10), sink: (Span<UInt8>) -> Void
  ) throws(HostError) -> FileTransfer {
    guard 1...255 ~= name.utf8.count, !name.utf8.contains(0) else { throw .badFileName }
    guard server.isUsable, server != lease?.broadcast else { throw .badAddress(server) }
    // A request is to fit into the 512 bytes that every server takes.
    var transfer = Transfer(
      name: name, server: server, local: random.nextPort(),
      blockLimit: min(limitOfDatagram() - TFTPMessage.headerByteCount, 65_464))
    while !transfer.isDone {
      try fetchNext(&transfer, limit: limit, timeout: timeout, waiter: &waiter, sink)
    }
    return transfer.result
  }

  /// Sends the request or the last acknowledgement until something new comes.
  private mutating func fetchNext<W: Waiter & ~Copyable>(
    _ transfer: inout Transfer, limit: Int, timeout: TimeSpan, waiter: inout W, _ sink: (Span<UInt8>) -> Void
  ) throws(HostError) {
    let deadline = waiter.now + timeout
    var retries = Retries(until: deadline)
    while let retry = retries.next(now: waiter.now) {
      if retries.count > 1 { transfer.result.repetitions += 1 }
      try send(transfer, until: deadline, waiter: &waiter)
      while let packet = nextPacket(until: retry, waiter: &waiter) {
        guard packet.source == transfer.server, case .datagram(let remote, transfer.local) = packet.content,
          remote == transfer.remote ?? remote, let message = packet.read(TFTPMessage.init)
        else {
          drop(packet, .unexpected)
          continue
        }
        let step = transfer.take(message, from: remote, limit: limit)
        switch step {
        case .new(let block):
          packet.read { sink($0.extracting(block)) }
          finish(packet)
          // The last one is acknowledged once: a server that misses it has nothing more to send either, and the file is
          // whole all the same.
          if transfer.isDone { try? send(transfer, until: deadline, waiter: &waiter) }
          return
        case .agreed:
          finish(packet)
          return
        case .old: drop(packet, .unexpected)
        case .failed(let error, let code):
          finish(packet)
          // What went wrong is told, also when the server cannot be.
          if let code { try? sendError(transfer, code, until: deadline, waiter: &waiter) }
          throw error
        }
      }
    }
    throw .timedOut(
      waitingFor: .block(number: transfer.acknowledged &+ 1, after: transfer.result.byteCount))
  }

  private mutating func send<W: Waiter & ~Copyable>(
    _ transfer: Transfer, until deadline: MonotonicTime, waiter: inout W
  ) throws(HostError) {
    try sendDatagram(
      from: transfer.local, to: transfer.server, transfer.remote ?? TFTPMessage.port, until: deadline, waiter: &waiter
    ) { writer in
      if transfer.remote == nil {
        TFTPMessage.writeRequest(to: &writer, file: transfer.name, blockByteCount: transfer.blockLimit)
      } else {
        TFTPMessage.writeAcknowledgement(to: &writer, block: transfer.acknowledged)
      }
    }
  }

  private mutating func sendError<W: Waiter & ~Copyable>(
    _ transfer: Transfer, _ code: UInt16, until deadline: MonotonicTime, waiter: inout W
  ) throws(HostError) {
    try sendDatagram(
      from: transfer.local, to: transfer.server, transfer.remote ?? TFTPMessage.port, until: deadline, waiter: &waiter
    ) { TFTPMessage.writeError(to: &$0, code: code) }
  }
}
