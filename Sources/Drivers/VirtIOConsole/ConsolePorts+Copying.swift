public import DevicePlatform
internal import VirtIO

/// The caller's plain memory: copied, and waited for.
extension ConsolePorts where T: ~Copyable {
  /// Sends bytes and waits until the device has taken them all.
  ///
  /// - Parameters:
  ///   - bytes: any number.
  ///   - number: the port; others go on meanwhile.
  ///   - waiter: waits.
  ///   - timeout: how long to wait for each chunk. A chunk that was not taken in time may still be sent later.
  public mutating func write<W: Waiter & ~Copyable>(
    _ bytes: Span<UInt8>, port number: Int = 0, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(ConsoleError) {
    guard let port = find(number) else {
      throw .refused(.portBeyondMaximum(port: number, count: ports.count))
    }
    var done = 0
    while done < bytes.count {
      if let refusal = writeRefusal(port, number) { throw .refused(refusal) }
      let count = min(chunkByteCount, bytes.count - done)
      var buffer = try allocate(count, .deviceReadable)
      for index in 0..<count { buffer[index] = bytes[done + index] }
      // Chunks of earlier calls that timed out must not take the queue's room for good.
      port.transmit.discardFinished(tag: Self.chunkTag)
      let token: Token
      switch port.transmit.submit(buffer, deviceWrites: false, tag: Self.chunkTag) {
      case .accepted(let accepted): token = accepted
      case .refused(let refusal, _): throw .refused(.queue(refusal))
      }
      port.transmit.publish()
      do throws(WaitFailure) {
        _ = try port.transmit.wait(for: token, waiter: &waiter, until: waiter.now + timeout)
      } catch {
        throw failure(error, written: done)
      }
      done += count
    }
  }

  /// Takes bytes that came, waiting for the first one.
  ///
  /// - Parameters:
  ///   - destination: filled from the start with what there is; at least one byte of room.
  ///   - number: the port; others go on meanwhile.
  ///   - waiter: waits.
  ///   - timeout: how long to wait. What comes later is kept for the next call.
  /// - Returns: how many bytes; 0 after the timeout.
  public mutating func read<W: Waiter & ~Copyable>(
    into destination: inout MutableSpan<UInt8>, port number: Int = 0, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(ConsoleError) -> Int {
    guard let port = find(number) else {
      throw .refused(.portBeyondMaximum(port: number, count: ports.count))
    }
    guard !destination.isEmpty else { return 0 }
    let deadline = waiter.now + timeout
    while port.chunkStart == port.chunkEnd {
      let token: Token
      if let underWay = port.chunkToken { token = underWay } else { token = try startChunk(port, number) }
      port.receive.publish()
      do throws(WaitFailure) {
        port.keepChunk(try port.receive.wait(for: token, waiter: &waiter, until: deadline))
      } catch {
        if case .timedOut = error { return 0 }
        throw failure(error, written: 0)
      }
      // A device that answers without bytes, again and again, keeps nobody past the deadline.
      if port.chunkStart == port.chunkEnd, waiter.now >= deadline { return 0 }
    }
    let count = min(destination.count, port.chunkEnd - port.chunkStart)
    for index in 0..<count { destination[index] = port.chunk[port.chunkStart + index] }
    port.chunkStart += count
    return count
  }

  /// Asks for the next bytes of the copying form.
  private mutating func startChunk(_ port: ConsolePort<T>, _ number: Int) throws(ConsoleError) -> Token {
    guard port.isThere else { throw .refused(.portMissing(port: number)) }
    var buffer = DMABuffer()
    swap(&buffer, &port.chunk)
    if buffer.count != chunkByteCount { buffer = try allocate(chunkByteCount, .deviceWritable) }
    switch port.receive.submit(buffer, deviceWrites: true, tag: Self.chunkTag) {
    case .accepted(let token):
      port.chunkToken = token
      return token
    case .refused(let refusal, _): throw .refused(.queue(refusal))
    }
  }

  private mutating func failure(_ error: WaitFailure, written: Int) -> ConsoleError {
    switch error {
    case .timedOut:
      let status = transport.readStatus()
      return status.isAbsent ? .deviceAbsent : .timedOut(written: written, status: status)
    case .queueFailed(let fault):
      failDevice()
      return .deviceFailed(fault)
    case .unknownToken: return .deviceReset
    }
  }

  private func allocate(_ byteCount: Int, _ direction: DMADirection) throws(ConsoleError) -> DMABuffer {
    do throws(DMAError) {
      return try transport.memory.allocate(byteCount: byteCount, alignment: 64, direction: direction)
    } catch {
      throw .memory(error)
    }
  }
}
