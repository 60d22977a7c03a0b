internal import DevicePlatform
internal import VirtIO

/// The control queue: one command at a time, each answered by a byte.
///
/// Class and command are a descriptor of two bytes, data one or two more, the answer one of a single byte: what the
/// strictest legacy device asks for, and every other accepts.
///
/// SPEC: Device Types / Network Device / Legacy Interface: Framing Requirements
struct ControlQueue<T: Transport & ~Copyable>: ~Copyable {
  var queue: Virtqueue<T>

  static var options: QueueOptions {
    QueueOptions(maximumSize: 16, headerByteCount: 2, statusByteCount: 1, maximumSegments: 2)
  }
  /// Marks commands, all of them: a late answer is nobody's.
  static var tag: UInt16 { 1 }

  init(_ queue: consuming Virtqueue<T>) {
    var queue = queue
    queue.disarm()
    self.queue = queue
  }

  mutating func deviceWasReset(_ reset: DeviceReset) { queue.deviceWasReset(reset) }

  /// Sends a command and waits for its answer.
  mutating func run<W: Waiter & ~Copyable>(
    _ command: NetworkCommand, _ first: CommandData, _ second: CommandData?, memory: T.Memory, isLegacy: Bool,
    waiter: inout W, timeout: TimeSpan
  ) throws(ControlFailure) {
    // Room that late answers hold comes back first.
    queue.discardFinished(tag: Self.tag)
    let token = try submit(command, first, second, memory)
    let lies = queue.counters.falseLengths
    queue.publish()
    let (answer, written): (UInt8, UInt32)
    do throws(WaitFailure) {
      let completion = try queue.wait(for: token, waiter: &waiter, until: waiter.now + timeout)
      (answer, written) = (completion.status, completion.written)
    } catch {
      throw .waiting(error)
    }
    // Legacy devices are known to count wrongly here.
    // SPEC: Device Types / Network Device / Device Operation / Legacy Interface: Device Operation
    if !isLegacy {
      let isTooLong = queue.counters.falseLengths != lies
      if isTooLong || written != 1 {
        throw .control(.answerLength(command, found: isTooLong ? 2 : written))
      }
    }
    switch answer {
    case 0: return
    case 1: throw .control(.rejected(command))
    default: throw .control(.unknownAnswer(command, answer))
    }
  }

  private mutating func submit(
    _ command: NetworkCommand, _ first: CommandData, _ second: CommandData?, _ memory: T.Memory
  ) throws(ControlFailure) -> Token {
    let word = command.rawValue.byteSwapped
    let fill = { (header: borrowing RequestHeader<T>) in header.store(word, at: 0) }
    if first.bytes.isEmpty {
      do throws(SubmissionRefusal) { return try queue.submit(tag: Self.tag, header: fill) } catch {
        throw .control(.refused(error))
      }
    }
    if let second {
      var list = SegmentList(capacity: 2)
      list.append(try first.buffer(from: memory))
      list.append(try second.buffer(from: memory))
      switch queue.submit(list, deviceWrites: false, tag: Self.tag, header: fill) {
      case .accepted(let token): return token
      case .refused(let refusal, _): throw .control(.refused(refusal))
      }
    }
    switch queue.submit(try first.buffer(from: memory), deviceWrites: false, tag: Self.tag, header: fill) {
    case .accepted(let token): return token
    case .refused(let refusal, _): throw .control(.refused(refusal))
    }
  }
}

/// What went wrong with a command: known at once, or only to the card, which has the device's status.
enum ControlFailure: Error {
  case control(NetworkControlError)
  case waiting(WaitFailure)
}

/// The data of a command while it is put together.
struct CommandData {
  var bytes: [UInt8] = []

  mutating func append(_ value: UInt8) { bytes.append(value) }
  mutating func append(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
  }
  mutating func append(_ value: UInt32) {
    append(UInt16(truncatingIfNeeded: value))
    append(UInt16(truncatingIfNeeded: value >> 16))
  }
  mutating func append(_ address: MACAddress) { for index in 0..<6 { append(address[index]) } }

  func buffer<Memory: DMAMemory>(from memory: Memory) throws(ControlFailure) -> DMABuffer {
    do throws(DMAError) {
      var buffer = try memory.allocate(byteCount: bytes.count, alignment: 64, direction: .deviceReadable)
      for index in 0..<bytes.count { buffer[index] = bytes[index] }
      return buffer
    } catch {
      throw .control(.memory(error))
    }
  }
}
