public import DevicePlatform
internal import VirtIO

/// The blocking forms. Each waits for its own request only; others that finish in the meantime are kept for `complete`.
extension BlockDevice where T: ~Copyable {
  /// Reads whole blocks into a buffer.
  ///
  /// - Parameters:
  ///   - sector: the first one, in units of 512 bytes.
  ///   - buffer: lent for the time of the call. Unless the device answered, as after `.timedOut`, it cannot be given
  ///     back: then it is empty afterwards, and comes from `complete` later.
  ///   - waiter: waits.
  ///   - timeout: how long to wait.
  public mutating func read<W: Waiter & ~Copyable>(
    sector: UInt64, into buffer: inout DMABuffer, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(BlockError) {
    var lent = DMABuffer()
    swap(&lent, &buffer)
    switch startRead(sector: sector, into: lent) {
    case .accepted(let token): try finish(token, &buffer, &waiter, timeout)
    case .refused(let refusal, let lent):
      buffer = lent
      throw .refused(refusal)
    }
  }

  /// Writes a buffer of whole blocks. What is written may sit in the device's cache until `flush`.
  ///
  /// - Parameters: as for `read`.
  public mutating func write<W: Waiter & ~Copyable>(
    sector: UInt64, from buffer: inout DMABuffer, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(BlockError) {
    var lent = DMABuffer()
    swap(&lent, &buffer)
    switch startWrite(sector: sector, from: lent) {
    case .accepted(let token): try finish(token, &buffer, &waiter, timeout)
    case .refused(let refusal, let lent):
      buffer = lent
      throw .refused(refusal)
    }
  }

  /// Makes all writes that are done durable. On a device without a cache (no `FeatureSet.Block.flush`) they already
  /// are, and nothing is asked.
  public mutating func flush<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(30)
  ) throws(BlockError) {
    guard features.contains(.Block.flush) else { return }
    let tag = BlockRequest.flush.ownTag
    // Those of earlier calls that timed out must not take the queue's room for good.
    queue.discardFinished(tag: tag)
    let token: Token
    do throws(SubmissionRefusal) {
      token = try queue.submit(tag: tag) { Self.fill($0, .flush, 0) }
    } catch { throw .refused(.queue(error)) }
    _ = try finish(token, &waiter, timeout)
  }

  /// Asks for the device's identifier: up to 20 bytes of its own choice, a serial number as a rule.
  ///
  /// - Returns: the bytes before the first zero.
  public mutating func identifier<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(BlockError) -> [UInt8] {
    let buffer: DMABuffer
    do throws(DMAError) {
      buffer = try transport.memory.allocate(byteCount: BlockRequest.identifierByteCount)
    } catch {
      throw .memory(error)
    }
    let tag = BlockRequest.identifier.ownTag
    queue.discardFinished(tag: tag)
    switch queue.submit(buffer, deviceWrites: true, tag: tag, header: { Self.fill($0, .identifier, 0) }) {
    case .refused(let refusal, _): throw .refused(.queue(refusal))
    case .accepted(let token):
      let buffer = try finish(token, &waiter, timeout).takeBuffer()
      let bytes = buffer.array(buffer.count)
      return Array(bytes.prefix { $0 != 0 })
    }
  }

  /// Waits for a request and puts its buffer back where it was lent from.
  private mutating func finish<W: Waiter & ~Copyable>(
    _ token: Token, _ buffer: inout DMABuffer, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(BlockError) {
    let completion = try waitForRequest(token, &waiter, timeout)
    let result = completion.result
    buffer = completion.takeBuffer()
    if result != .done { throw .failed(result) }
  }

  private mutating func finish<W: Waiter & ~Copyable>(
    _ token: Token, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(BlockError) -> BlockCompletion {
    let completion = try waitForRequest(token, &waiter, timeout)
    if completion.result != .done { throw .failed(completion.result) }
    return completion
  }

  private mutating func waitForRequest<W: Waiter & ~Copyable>(
    _ token: Token, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(BlockError) -> BlockCompletion {
    publish()
    do throws(WaitFailure) {
      return Self.judge(
        try queue.wait(for: token, waiter: &waiter, until: waiter.now + timeout), isLegacy: transport.isLegacy)
    } catch {
      switch error {
      case .queueFailed(let fault):
        failDevice()
        throw .deviceFailed(fault)
      case .timedOut, .unknownToken:
        let status = transport.readStatus()
        throw status.isAbsent ? .deviceAbsent : .timedOut(status: status)
      }
    }
  }
}
