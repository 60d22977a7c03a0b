import DevicePlatform
import Synchronization
import VirtIO

/// One back-end's account, from its connection to its end: what was negotiated, and which queues it has.
struct Session {
  let type: DeviceType
  let options: VhostUserOptions
  let memory: RegionProvider
  let poller: Poller
  let health: Health

  var socket: MessageSocket?
  /// The first thing that went wrong with this connection. Nothing is asked any more.
  private(set) var failure: VhostUserError?
  /// The back-end hung up: it has let go of all memory.
  var isGone = false

  /// The device's features as the back-end offers them, the protocol's own bits included.
  var offered: UInt64 = 0
  /// What the driver accepts, word by word, before it is settled.
  var driverFeatures: UInt64 = 0
  /// What was settled with the back-end last, on this connection or an earlier one.
  var settledFeatures: UInt64?
  var protocolOffered: ProtocolFeatures = []
  var protocolFeatures: ProtocolFeatures = []
  var queueCount: UInt16 = 1
  var isMemoryAnnounced = false
  /// The back-end was sent memory, be it that it did not say that it got it.
  var mayHaveMemory = false
  var status: DeviceStatus = []
  var queues: [QueueRecord] = []
  /// Queues that were stopped and may still have requests: how far the back-end took them.
  var stopping: [(device: DeviceAddress, base: UInt16)] = []
  var stoppingDeadline = MonotonicTime(nanoseconds: 0)
  /// There was a reset, and a back-end that keeps the status has not said 0 since.
  var isZeroAwaited = false
  var configuration: [UInt8] = []
  var generation: UInt32 = 0

  /// Bit 30: the back-end knows protocol features. Not the device's, and no driver's business.
  static let protocolFeaturesBit: UInt64 = 1 << 30
  /// Bit 26: the back-end can log the memory that it writes. Neither.
  static let loggingBit: UInt64 = 1 << 26

  init(
    type: DeviceType, options: VhostUserOptions, memory: RegionProvider, poller: Poller, health: Health
  ) {
    self.type = type
    self.options = options
    self.memory = memory
    self.poller = poller
    self.health = health
  }

  var hasProtocolFeatures: Bool { offered & Self.protocolFeaturesBit != 0 }

  /// Asks the back-end for something and returns its answer, empty where there is none.
  ///
  /// - Throws: a refusal of features, status or configuration leaves the connection in order, for a driver can do without;
  ///   after anything else it is of no more use.
  @discardableResult
  mutating func ask(
    _ request: VhostUserRequest, _ payload: MessageBytes = MessageBytes(), descriptors: [Int32] = []
  ) throws(VhostUserError) -> MessageBytes {
    if let failure { throw failure }
    guard let socket else { throw .closed(request: request, received: 0, expected: MessageSocket.headerByteCount) }
    do throws(VhostUserError) {
      if let code = socket.strayMessage() { throw .unasked(code: code) }
      let isAcknowledged = !request.hasReply && protocolFeatures.contains(.acknowledgement)
      options.trace?(
        "> \(request.words(payload, isQuestion: true))\(descriptors.isEmpty ? "" : " with \(descriptors.count) descriptor(s)")"
      )
      try socket.send(
        request, flags: isAcknowledged ? MessageSocket.needReplyFlag : 0, payload, descriptors: descriptors,
        within: options.timeout)
      guard request.hasReply || isAcknowledged else { return MessageBytes() }
      let answer = try socket.receive(answerTo: request, within: options.timeout)
      if request.hasReply {
        options.trace?("< \(request.words(answer))")
        return answer
      }
      guard answer.count == 8 else { throw .wrongSize(request: request, found: answer.count, expected: 8) }
      let result = answer.longWord(at: 0)
      options.trace?("< \(request.name) \(result == 0 ? "done" : "refused: \(result)")")
      if result != 0 { throw .refused(request: request, result: result) }
      return MessageBytes()
    } catch {
      switch error {
      case .refused(.setFeatures, _), .refused(.setStatus, _), .refused(.setConfiguration, _): throw error
      default: throw failed(error)
      }
    }
  }

  /// Asks for one 64-bit number.
  mutating func askNumber(_ request: VhostUserRequest) throws(VhostUserError) -> UInt64 {
    let answer = try ask(request)
    guard answer.count == 8 else { throw failed(.wrongSize(request: request, found: answer.count, expected: 8)) }
    return answer.longWord(at: 0)
  }

  /// The connection is of no more use.
  mutating func fail(_ error: VhostUserError) {
    if failure != nil { return }
    failure = error
    health.hasFailed.store(true, ordering: .releasing)
    options.trace?("! \(error.words)")
    if case .closed = error { isGone = true } else { socket?.finishSending() }
  }

  /// The same, for a `throw`.
  mutating func failed(_ error: VhostUserError) -> VhostUserError {
    fail(error)
    return error
  }

  /// Looks whether the back-end has hung up in the meantime, or has broken the rules of its display.
  mutating func noticeEnd() {
    guard let socket, !isGone else { return }
    if socket.isClosed {
      isGone = true
      fail(.closed(request: nil, received: 0, expected: 0))
    } else if let display = options.display, display.hasFailed, let reason = display.failure {
      fail(.display(reason))
    }
  }

  /// Ends the connection, and sees that the back-end lets go of the memory before another one gets it.
  ///
  /// - Throws: `.holdsOn` when it does not hang up in time.
  mutating func end() throws(VhostUserError) {
    noticeEnd()
    guard mayHaveMemory, !isGone, let socket else { return }
    socket.finishSending()
    guard socket.waitForEnd(within: options.timeout) else {
      let error = VhostUserError.holdsOn(milliseconds: options.timeout.nanoseconds / 1_000_000)
      fail(error)
      throw error
    }
    noticeEnd()
  }

  /// Begins anew with another connection; queues keep their bells.
  mutating func forgetConnection() {
    socket = nil
    failure = nil
    isGone = false
    (offered, driverFeatures, protocolOffered, protocolFeatures) = (0, 0, [], [])
    (isMemoryAnnounced, mayHaveMemory) = (false, false)
    status = []
    (stopping, isZeroAwaited) = ([], false)
    // Whoever reads the old one at this moment sees that it changed.
    configuration = []
    generation &+= 1
    for index in queues.indices { queues[index].areas = nil }
    health.hasFailed.store(false, ordering: .releasing)
  }
}

/// Whether the connection still works, to be asked without the lock that the connection needs.
final class Health: Sendable {
  let hasFailed = Atomic<Bool>(false)
}

/// A queue that a driver has set up, now or before a reset.
struct QueueRecord {
  let index: UInt16
  let kick: EventCounter
  let call: EventCounter
  /// Where it is, while the back-end knows it.
  var areas: QueueAreas?
  var size: UInt16 = 0
  /// How far the trace has come.
  var seenAvailable: UInt16 = 0
  var seenUsed: UInt16 = 0
}
