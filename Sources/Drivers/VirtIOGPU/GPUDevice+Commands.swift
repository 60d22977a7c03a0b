public import DevicePlatform
internal import VirtIO

/// Commands: handing them out, and taking their answers.
extension GPUDevice where T: ~Copyable {
  /// Makes everything that was started visible to the device, with at most one notification.
  public mutating func publish() { control.publish() }

  /// Takes all answers that have come. Never waits.
  public mutating func poll() {
    while let completion = control.complete() { finish(completion) }
    // Nothing but room comes back from there.
    while cursors.complete() != nil {}
    if let fault = control.fault ?? cursors.fault { fail(.deviceFailed(fault)) }
    if isReset { takeBackUnfinished() }
  }

  /// Commands that a reset ended give back their room and their buffers. Their records stay, so that fences tell why.
  private mutating func takeBackUnfinished() {
    while let completion = control.takeUnfinished() { keep(completion.takeBuffer()) }
    while cursors.takeUnfinished() != nil {}
  }

  /// How far the commands of a fence are, as of the last `poll`. A failure is told until eight commands have failed after
  /// it; then the fence counts as done, as the device has let go of it.
  public func state(of fence: GPUFence) -> GPUFenceState {
    if let error = failures.error(of: fence) { return .failed(error) }
    if oldest(of: fence) == nil { return .done }
    if let end { return .failed(end) }
    return .pending
  }

  /// Waits until all commands of a fence are answered.
  ///
  /// - Throws: the first failure among them.
  public mutating func wait<W: Waiter & ~Copyable>(
    for fence: GPUFence, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) {
    publish()
    let deadline = waiter.now + timeout
    while true {
      poll()
      switch state(of: fence) {
      case .done: return
      case .failed(let error): throw error
      case .pending: break
      }
      guard waiter.now < deadline else { throw late(oldest(of: fence) ?? .flush) }
      if !control.arm() { waiter.wait(until: deadline) }
      control.disarm()
    }
  }

  /// Which command of a fence has been waited for the longest; nil when all are answered.
  private func oldest(of fence: GPUFence) -> GPUCommand? {
    var found: GPURecord?
    for record in records where record.isInFlight && record.fence >= fence.first && record.fence <= fence.last {
      if record.fence < found?.fence ?? .max { found = record }
    }
    return found?.command
  }

  /// Hands a command out; it is not published yet.
  ///
  /// - Returns: its name in the queue. Its number is the one before `nextFence`.
  mutating func submit(_ request: GPURequest, answer buffer: consuming DMABuffer) throws(GPUError) -> Token {
    if let end { throw end }
    let fence = nextFence
    let minimum = request.command == .edid ? GPUAnswer.byteCount + 8 : buffer.count
    let fill = { (header: borrowing RequestHeader<T>) in request.store(in: header, fence: fence, T.self) }
    switch control.submit(buffer, deviceWrites: true, header: fill) {
    case .accepted(let token):
      nextFence += 1
      records[token.number] = GPURecord(
        command: request.command, fence: fence, minimumByteCount: minimum, isInFlight: true)
      return token
    case .refused(let refusal, let buffer):
      keep(buffer)
      throw refusal == .full ? .busy : .refused(refusal)
    }
  }

  /// Hands a command out whose answer has no data.
  @discardableResult
  mutating func submit(_ request: GPURequest) throws(GPUError) -> Token {
    if let end { throw end }
    guard let buffer = answers.pop() else { throw .busy }
    return try submit(request, answer: buffer)
  }

  /// Room for so many commands.
  mutating func hasRoom(for count: Int) -> Bool {
    if control.capacity - control.inFlight >= count, answers.count >= count { return true }
    poll()
    return control.capacity - control.inFlight >= count && answers.count >= count
  }

  /// Has a command carried out whose answer has no data, and waits.
  mutating func run<W: Waiter & ~Copyable>(
    _ request: GPURequest, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(GPUError) {
    poll()
    keep(try answer(to: try submit(request), request.command, &waiter, timeout))
  }

  /// Has a command carried out, and waits.
  ///
  /// - Parameter byteCount: the room for its answer.
  /// - Returns: the answer, whose head is right, and how much of it came.
  mutating func run<W: Waiter & ~Copyable>(
    _ request: GPURequest, answerByteCount byteCount: Int, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(GPUError) -> GPUAnswerData {
    poll()
    let token = try submit(request, answer: try allocate(byteCount, alignment: 8, .deviceWritable))
    return try answer(to: token, request.command, &waiter, timeout)
  }

  func allocate(_ byteCount: Int, alignment: Int, _ direction: DMADirection) throws(GPUError) -> DMABuffer {
    do throws(DMAError) {
      return try transport.memory.allocate(byteCount: byteCount, alignment: alignment, direction: direction)
    } catch {
      throw .memory(error)
    }
  }

  private mutating func answer<W: Waiter & ~Copyable>(
    to token: Token, _ command: GPUCommand, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(GPUError) -> GPUAnswerData {
    control.publish()
    let completion = try completion(of: token, command, &waiter, timeout)
    let record = records[token.number]
    records[token.number].isInFlight = false
    let written = Int(completion.written)
    let buffer = completion.takeBuffer()
    if let fault = GPUAnswer.fault(buffer, written: written, record) {
      failures.add(fault, record.fence)
      keep(buffer)
      throw fault
    }
    return GPUAnswerData(buffer: buffer, byteCount: written)
  }

  private mutating func completion<W: Waiter & ~Copyable>(
    of token: Token, _ command: GPUCommand, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(GPUError) -> Completion {
    do throws(WaitFailure) {
      return try control.wait(for: token, waiter: &waiter, until: waiter.now + timeout)
    } catch {
      if case .queueFailed(let fault) = error {
        fail(.deviceFailed(fault))
        throw .deviceFailed(fault)
      }
      // Its record stays: the answer may still come, and is then dropped by `poll`.
      throw late(command)
    }
  }

  private func late(_ command: GPUCommand) -> GPUError {
    let status = transport.readStatus()
    return status.isAbsent ? .deviceAbsent : .timedOut(command, status: status)
  }

  private mutating func finish(_ completion: consuming Completion) {
    let number = completion.token.number
    let written = Int(completion.written)
    let record = records[number]
    records[number].isInFlight = false
    let buffer = completion.takeBuffer()
    if let fault = GPUAnswer.fault(buffer, written: written, record) { failures.add(fault, record.fence) }
    keep(buffer)
  }

  /// A buffer for answers without data serves again; others go back to where they came from.
  private mutating func keep(_ buffer: consuming DMABuffer) {
    if buffer.count == GPUAnswer.byteCount, answers.count < answers.capacity { answers.push(buffer) }
  }

  private mutating func keep(_ answer: consuming GPUAnswerData) { keep(answer.takeBuffer()) }
}

/// An answer whose head is right.
struct GPUAnswerData: ~Copyable {
  let buffer: DMABuffer
  /// How many of its bytes came.
  let byteCount: Int

  consuming func takeBuffer() -> DMABuffer { buffer }
}
