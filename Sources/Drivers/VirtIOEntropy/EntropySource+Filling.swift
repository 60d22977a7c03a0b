public import DevicePlatform
internal import VirtIO

extension EntropySource where T: ~Copyable {
  /// Fills the caller's memory with random bytes: copies them, in as many requests as it takes.
  ///
  /// - Parameters:
  ///   - destination: any length. After an error its contents are undefined, not random.
  ///   - waiter: waits.
  ///   - timeout: how long to wait for each request.
  public mutating func fill<W: Waiter & ~Copyable>(
    _ destination: inout MutableSpan<UInt8>, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(EntropyError) {
    var done = 0
    while done < destination.count {
      let wish = min(destination.count - done, chunkByteCount)
      let received = try request(wish, &waiter, timeout)
      // The device may give less than asked; without progress it is of no use.
      let usable = min(received, wish)
      if usable == 0 { throw .nothingReturned }
      for offset in 0..<usable { destination[done + offset] = chunk[offset] }
      done += usable
      wipe()
    }
  }

  /// Fills `byteCount` random bytes into a new array.
  public mutating func bytes<W: Waiter & ~Copyable>(
    _ byteCount: Int, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(EntropyError) -> [UInt8] {
    precondition(byteCount >= 0, "a number of bytes")
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var span = bytes.mutableSpan
    try fill(&span, waiter: &waiter, timeout: timeout)
    return bytes
  }

  /// One request into the chunk; returns how many of its bytes are random.
  private mutating func request<W: Waiter & ~Copyable>(
    _ wish: Int, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(EntropyError) -> Int {
    var lent = DMABuffer()
    swap(&lent, &chunk)
    if lent.count != wish {
      do throws(DMAError) {
        lent = try transport.memory.allocate(byteCount: wish, alignment: 64, direction: .deviceWritable)
      } catch {
        throw .memory(error)
      }
    }
    // Chunks of earlier calls that timed out must not take the queue's room for good.
    queue.discardFinished(tag: Self.chunkTag)
    let token: Token
    switch queue.submit(lent, deviceWrites: true, tag: Self.chunkTag) {
    case .accepted(let accepted): token = accepted
    case .refused(let refusal, _): throw .refused(refusal)
    }
    publish()
    do throws(WaitFailure) {
      let completion = try queue.wait(for: token, waiter: &waiter, until: waiter.now + timeout)
      let written = Int(completion.written)
      chunk = completion.takeBuffer()
      return written
    } catch {
      if case .queueFailed(let fault) = error {
        failDevice()
        throw .deviceFailed(fault)
      }
      let status = transport.readStatus()
      throw status.isAbsent ? .deviceAbsent : .timedOut(status: status)
    }
  }

  /// Random bytes that were handed out do not stay behind.
  private mutating func wipe() {
    for offset in 0..<chunk.count { chunk[offset] = 0 }
  }
}
