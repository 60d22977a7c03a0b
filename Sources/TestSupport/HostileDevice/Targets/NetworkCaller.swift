import DevicePlatform
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

/// Who uses a network card: draws what to do, and keeps account of buffers.
struct NetworkCaller {
  let session: HostileSession
  /// The driver has no receive buffers but the caller's: then each is known by its address, and none is recycled.
  let ownsBuffers: Bool
  private var frames = BufferAccount()
  private var buffers = BufferAccount()

  init(_ session: HostileSession, ownsBuffers: Bool) {
    self.session = session
    self.ownsBuffers = ownsBuffers
  }

  private var decisions: Decisions { session.decisions }

  private func buffer(_ byteCount: Int) -> DMABuffer? { try? session.memory.allocate(byteCount: byteCount) }

  /// No address is used twice.
  private func name(_ buffer: borrowing DMABuffer) -> Int { Int(buffer.deviceAddress.rawValue) }

  // MARK: The data path

  mutating func use<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>, _ choice: UInt8) {
    switch choice & 15 {
    case 0...2: send(&pair, partial: choice & 16 != 0)
    case 3: sendSegments(&pair)
    case 4, 5: give(&pair)
    case 6: pair.publish()
    case 7, 8: if let frame = pair.receive() { take(frame, &pair, recycles: choice & 16 != 0) }
    case 9: receiveBatch(&pair)
    case 10, 11: if let frame = pair.reclaim() { back(frame) }
    case 12: reclaimBatch(&pair)
    case 13:
      _ = choice & 16 != 0 ? pair.armReceive(after: 1 + Int(choice >> 5) % pair.receiveCapacity) : pair.armTransmit()
    case 14:
      pair.disarmReceive()
      pair.disarmTransmit()
    default: sendBatch(&pair)
    }
  }

  private mutating func send<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>, partial: Bool) {
    let byteCount = 8 * Int(decisions.byte()) + 8
    let offset = Int(decisions.byte() & 15)
    guard let buffer = buffer(offset + byteCount) else { return }
    let name = name(buffer)
    let checksum = PartialChecksum(start: UInt16(decisions.byte()), offset: UInt16(offset))
    let frame =
      partial
      ? OutgoingFrame(buffer, from: offset, byteCount: byteCount, partial: checksum)
      : OutgoingFrame(buffer, from: offset, byteCount: byteCount)
    if case .accepted = pair.send(frame) { frames.goes(name) }
  }

  private mutating func sendSegments<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
    let count = Int(decisions.byte() & 3) + 1
    var list = SegmentList(capacity: count)
    var first = 0
    for index in 0..<count {
      guard let buffer = buffer(16 + Int(decisions.byte())) else { return }
      if index == 0 { first = name(buffer) }
      list.append(buffer)
    }
    let partial = PartialChecksum(start: UInt16(decisions.byte()), offset: 6)
    if case .accepted = pair.send(list, partial: count & 1 == 0 ? partial : nil) { frames.goes(first) }
  }

  private mutating func sendBatch<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
    var names: [Int] = []
    let session = session
    let count = pair.sendBatch(
      upTo: Int(decisions.byte() & 7),
      source: {
        guard let buffer = try? session.memory.allocate(byteCount: 64) else { return nil }
        names.append(Int(buffer.deviceAddress.rawValue))
        return OutgoingFrame(buffer, byteCount: 64)
      }, refused: { _, frame in _ = frame.takeBuffer() })
    for name in names.prefix(count) { frames.goes(name) }
  }

  private mutating func give<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
    let least = pair.layout.smallestBufferByteCount
    for _ in 0...Int(decisions.byte() & 7) { give(&pair, byteCount: least + Int(decisions.byte() & 63)) }
  }

  mutating func give<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>, byteCount: Int) {
    guard let buffer = buffer(byteCount) else { return }
    let name = name(buffer)
    if case .accepted = pair.give(buffer) { buffers.goes(name) }
  }

  private mutating func reclaimBatch<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
    var account = frames
    _ = pair.reclaimBatch(upTo: Int(decisions.byte() & 15)) { account.comes(Self.firstName($0)) }
    frames = account
  }

  private mutating func back(_ frame: consuming SentFrame) { frames.comes(Self.firstName(frame)) }

  private static func firstName(_ frame: consuming SentFrame) -> Int {
    if !frame.isSegmentList { return Int(frame.takeBuffer().deviceAddress.rawValue) }
    var list = frame.takeSegments()
    var name = 0
    while let buffer = list.popLast() { name = Int(buffer.deviceAddress.rawValue) }
    return name
  }

  private mutating func receiveBatch<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
    var caller = self
    _ = pair.receiveBatch(upTo: Int(decisions.byte() & 15)) { frame in caller.drop(frame) }
    self = caller
  }

  private mutating func take<T: Transport & ~Copyable>(
    _ frame: consuming ReceivedFrame, _ pair: inout NetworkQueuePair<T>, recycles: Bool
  ) {
    if ownsBuffers || !recycles { return drop(frame) }
    check(frame)
    pair.recycle(frame)
  }

  private mutating func drop(_ frame: consuming ReceivedFrame) {
    check(frame)
    var frame = frame
    frame.completeChecksum()
    if frame.bufferCount > 1 {
      var list = frame.takeSegments()
      while let buffer = list.popLast() { filled(buffer) }
    } else {
      filled(frame.takeBuffer())
    }
  }

  private mutating func filled(_ buffer: consuming DMABuffer) {
    if ownsBuffers { buffers.comes(name(buffer)) }
  }

  private func check(_ frame: borrowing ReceivedFrame) {
    var parts: [Int] = []
    for index in 0..<frame.bufferCount { parts.append(frame.bytes(inBuffer: index).byteCount) }
    Self.findings(frame.byteCount, parts, frame.partialChecksum).forEach(session.report)
  }

  // MARK: The card

  mutating func command<T: Transport & ~Copyable>(
    _ card: inout NetworkCard<T>, _ choice: UInt8, _ waiter: inout TestWaiter
  ) {
    let (isOn, timeout) = (choice & 16 != 0, TimeSpan.seconds(1))
    switch choice & 15 {
    case 0...3: _ = try? card.update()
    case 4: _ = try? card.refreshConfiguration()
    case 5: try? card.setReceiveMode(.promiscuous, isOn, waiter: &waiter, timeout: timeout)
    case 6: try? card.setReceiveMode(.noBroadcast, isOn, waiter: &waiter, timeout: timeout)
    case 7:
      let groups = (0..<Int(choice >> 5)).map { MACAddress(rawValue: 0x0100_5e00_0000 | UInt64($0)) }
      try? card.setAddressTable(unicast: [], multicast: groups, waiter: &waiter, timeout: timeout)
    case 8:
      try? card.setAddress(MACAddress(rawValue: 0x0200_0000_0001), waiter: &waiter, timeout: timeout)
    case 9: try? card.setVLAN(UInt16(decisions.byte()), passes: isOn, waiter: &waiter, timeout: timeout)
    case 10: try? card.acknowledgeAnnouncement(waiter: &waiter, timeout: timeout)
    case 11, 12: try? card.usePairs(isOn ? 2 : 1, waiter: &waiter, timeout: timeout)
    default:
      guard var other = card.takePair(1) else { return }
      // Buffers of another pair are counted by nobody here: only that nothing goes wrong, and nothing is left.
      var caller = NetworkCaller(session, ownsBuffers: false)
      for _ in 0..<4 { caller.use(&other, decisions.byte()) }
      card.putBack(other)
    }
  }

  // MARK: The end

  /// Everything comes back, and the counters tell the same.
  ///
  /// - Parameter asksForUnused: false in the control, which shows that a buffer that nobody asks for is missed.
  mutating func finish<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, isOver: Bool, asksForUnused: Bool = true
  ) {
    // All at once: a frame that is dropped is none to `receive`, and more may stand behind it.
    var caller = self
    _ = pair.receiveBatch(upTo: pair.receiveCapacity) { frame in caller.drop(frame) }
    self = caller
    while let frame = pair.reclaim() { back(frame) }
    while asksForUnused, let buffer = pair.takeUnused() { filled(buffer) }
    if isOver {
      frames.close()
      if ownsBuffers { buffers.close() }
      if pair.transmitsInFlight != 0 { session.report("\(pair.transmitsInFlight) frames in flight after a reset") }
      if pair.buffersInFlight != 0 { session.report("\(pair.buffersInFlight) buffers in flight after a reset") }
    }
    (frames.findings + buffers.findings).forEach(session.report)
    let sent = Self.findings(pair.transmitCounters, inFlight: pair.transmitsInFlight)
    let received = Self.findings(pair.receiveCounters, inFlight: pair.buffersInFlight)
    (sent + received).forEach(session.report)
  }
}

// What is held of values, apart from the caller so that it can be shown to fail.
extension NetworkCaller {
  /// A frame is what its caller may rely on.
  ///
  /// - Parameter parts: how many of its bytes each of its buffers has.
  static func findings(_ byteCount: Int, _ parts: [Int], _ partial: PartialChecksum?) -> [String] {
    var findings: [String] = []
    if byteCount < 14 { findings.append("a frame of \(byteCount) bytes came in") }
    let sum = parts.reduce(0, +)
    if sum != byteCount { findings.append("a frame of \(byteCount) bytes has \(sum)") }
    if let partial, !partial.fits(frameByteCount: byteCount) { findings.append("a checksum outside of its frame") }
    return findings
  }

  /// Frames that were accepted are sent, returned or in flight.
  static func findings(_ counters: TransmitCounters, inFlight: Int) -> [String] {
    if counters.accepted == counters.sent + counters.returned + UInt64(inFlight) { return [] }
    return ["frames do not add up: \(counters), \(inFlight) in flight"]
  }

  /// Buffers that were given are delivered, dropped, returned or in flight; no frame lies in less than one.
  static func findings(_ counters: ReceiveCounters, inFlight: Int) -> [String] {
    var findings: [String] = []
    let known = counters.buffersDelivered + counters.buffersDropped + counters.buffersReturned
    if counters.buffersGiven != known + UInt64(inFlight) {
      findings.append("receive buffers do not add up: \(counters), \(inFlight) in flight")
    }
    if counters.frames > counters.buffersDelivered || counters.bytes < 14 * counters.frames {
      findings.append("frames without buffers or bytes: \(counters)")
    }
    return findings
  }
}
