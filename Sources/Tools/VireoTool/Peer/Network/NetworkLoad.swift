// Frames of one size, one way, as fast as the guest goes.

import VirtualMachine

/// What a guest is asked to do.
package struct NetworkLoad: Equatable, Sendable {
  package enum Direction: UInt32, CaseIterable, Sendable {
    case transmit = 1
    case receive = 2

    var name: String { self == .transmit ? "transmit" : "receive" }
    /// The number of the first card's queue for this direction.
    var queue: Int { self == .transmit ? 1 : 0 }
  }

  package var direction: Direction
  /// Of a frame, from the destination address to the end of the data.
  package var byteCount: Int
  package var frameCount: Int

  package init(_ direction: Direction, byteCount: Int, frameCount: Int) {
    self.direction = direction
    self.byteCount = byteCount
    self.frameCount = frameCount
  }
}

/// What became of it.
package struct NetworkResult: Equatable, Sendable {
  /// Frames that got to the other end.
  package var frames = 0
  /// Frames that did not.
  package var lost = 0
  /// Frames that came there out of turn.
  package var disordered = 0
  /// Interrupts of the card's queues, as the guest counts them.
  package var interrupts = 0
  /// Notifications of the queue, as the guest counts them; nil where it does not.
  package var doorbells: Int?
  /// By the host's clock: until the last frame was out, or the guest said that it has taken the last.
  package var nanoseconds: UInt64 = 0

  package init() {}

  package func perSecond(_ count: Int) -> Int { Int(Double(count) * 1e9 / Double(max(1, nanoseconds))) }
}

/// This end of the wire.
package struct NetworkStation {
  private let wire: FrameWire
  /// A guest that does not answer for so long, whatever else it sends, is given up.
  private let patience: Duration

  /// As many frames may be on their way to the guest, two queues full: so that none is lost, and none waited for.
  static let window = 512
  private static let burst = 32

  package init(_ wire: FrameWire, patience: Duration = .seconds(30)) {
    self.wire = wire
    self.patience = patience
  }

  /// Waits for a guest that has its card.
  package func waitForGuest(within limit: Duration) throws(VirtualMachineError) { _ = try wait(for: .hello, limit) }

  /// Has the guest do something.
  package func run(_ load: NetworkLoad) throws -> NetworkResult {
    try wire.send(
      WireFrame(.load, words: [load.direction.rawValue, UInt32(load.byteCount), UInt32(load.frameCount)]).bytes,
      within: patience)
    _ = try wait(for: .ready, patience)
    var result = NetworkResult()
    let begin = FrameWire.now
    let answer: WireFrame
    switch load.direction {
    case .transmit:
      answer = try wait(for: .result, patience)
      let arrivals = wire.takeArrivals()
      result.frames = arrivals.frames
      result.disordered = arrivals.disordered
      // None may have come.
      result.nanoseconds = max(arrivals.lastTime, begin) - begin
      guard arrivals.byteCount == arrivals.frames * load.byteCount else {
        throw ToolError(
          "\(arrivals.frames) frames came with \(arrivals.byteCount) bytes, expected \(load.byteCount) bytes each")
      }
    case .receive:
      try send(load)
      result.nanoseconds = FrameWire.now - begin
      answer = try wait(for: .result, patience)
      result.frames = Int(answer.words[0])
      result.disordered = Int(answer.words[2])
    }
    result.lost = load.frameCount - result.frames
    result.interrupts = Int(answer.words[1])
    if answer.words[3] > 0 { result.doorbells = Int(answer.words[3]) }
    return result
  }

  /// Says that this was all.
  package func end() throws(VirtualMachineError) { try wire.send(WireFrame(.end).bytes, within: patience) }

  private func send(_ load: NetworkLoad) throws {
    let frame = WireFrame(.data, byteCount: load.byteCount).bytes
    var (sent, taken) = (0, 0)
    while sent < load.frameCount {
      let count = min(Self.burst, load.frameCount - sent, Self.window - (sent - taken))
      guard count > 0 else {
        taken = try takenAfterWaiting(sent)
        continue
      }
      try wire.send(frame, copies: count, numberedFrom: UInt32(sent), within: patience)
      sent += count
    }
    try wire.send(WireFrame(.stop).bytes, within: patience)
    // The answer to that is the last one, whatever was lost before.
    _ = try wait(for: .taken, patience) { $0.isLast }
  }

  private func takenAfterWaiting(_ sent: Int) throws -> Int {
    let taken = Int(try wait(for: .taken, patience).words[0])
    guard taken <= sent else { throw ToolError("the guest says that it has taken frame \(taken) of \(sent)") }
    return taken
  }

  private func wait(
    for kind: WireFrame.Kind, _ limit: Duration, until isWanted: (WireFrame) -> Bool = { _ in true }
  ) throws(VirtualMachineError) -> WireFrame {
    let end = ContinuousClock.now + limit
    while true {
      // Others are the guest's own, such as a search for neighbours, or a greeting that crossed the first load.
      let frame = WireFrame(try wire.receive(within: max(.zero, end - .now)))
      if let frame, frame.kind == kind, isWanted(frame) { return frame }
      if ContinuousClock.now >= end {
        throw .deadlinePassed(waitingFor: "a guest's word '\(kind)'", milliseconds: Int(limit / .milliseconds(1)))
      }
    }
  }
}
