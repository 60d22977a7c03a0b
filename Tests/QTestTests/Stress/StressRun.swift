import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

/// Reads and writes without a pause, a few at a time, each checked, while the device works on another processor. Bells
/// are rung without waiting for their answer.
final class StressRun: TransportUser {
  /// What it came to.
  enum Outcome: Equatable {
    case finished
    /// Nothing more came: the driver had shown requests up to `shown`, the device knew of them up to `seen`.
    case stalled(shown: UInt16, seen: UInt16)
  }

  let requests: Int
  let depth: Int
  let features: FeatureSet
  private(set) var outcome: Outcome?
  private(set) var done = 0
  /// What went wrong, the first few.
  private(set) var mistakes: [String] = []
  private(set) var notifications: UInt64 = 0
  private(set) var disk: StressDisk
  /// Requests done and known to the device when nothing had come for long.
  private var lastLook: (done: Int, seen: UInt16)?
  /// How long nothing may come before the device's account is asked for, of which two have to be the same.
  static let patience = TimeSpan.seconds(1)

  /// - Parameters:
  ///   - requests: how many.
  ///   - depth: how many at a time.
  ///   - seed: which.
  init(requests: Int, depth: Int, features: FeatureSet = [.eventIndex, .indirectDescriptors], seed: UInt64) {
    self.requests = requests
    self.depth = depth
    self.features = features
    disk = StressDisk(seed: seed)
  }

  private struct Pending {
    var sector: Int
    var isWrite: Bool
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var options = BlockOptions()
    options.features.subtract([.eventIndex, .indirectDescriptors])
    options.features.formUnion(features)
    var waiter = bench.machine.waiter
    let memory = transport.memory
    var device = try BlockDevice(transport, options: options, waiter: &waiter)
    bench.machine.connection.postsWrites = true
    var pending = [Pending?](repeating: nil, count: device.queueState.size)
    var started = 0
    for _ in 0..<min(depth, requests) {
      try start(&device, try memory.allocate(byteCount: 512), &pending)
      started += 1
    }
    device.publish()
    var late = waiter.now + Self.patience
    var looks = 0
    while done < requests {
      guard let completion = device.complete() else {
        looks += 1
        // Mostly looks, so that the next bell comes while the device is falling asleep.
        if looks % 64 != 0 { continue }
        waiter.wait(until: late)
        if waiter.now < late { continue }
        if try isStalled(device.queueState, bench) { break }
        late = waiter.now + Self.patience
        continue
      }
      done += 1
      if done % 1024 == 0 { late = waiter.now + Self.patience }
      let number = completion.token.number
      let request = try #require(pending[number], "a completion of no request")
      pending[number] = nil
      if completion.result != .done { note("\(request): \(completion.result.words)") }
      let buffer = completion.takeBuffer()
      if !request.isWrite, !disk.matches(request.sector, buffer) { note("\(request): wrong data after \(done)") }
      disk.release(request.sector)
      if started < requests {
        try start(&device, buffer, &pending)
        started += 1
        device.publish()
      }
    }
    notifications = device.queueState.counters.notifications
    if outcome == nil {
      outcome = .finished
      // The device's thread shows a request as used just before it strikes it off its own account.
      let deadline = waiter.now + .seconds(5)
      while try bench.queue().inUseCount != 0, waiter.now < deadline { waiter.wait(until: deadline) }
      try bench.expectAgreement(on: device.queueState)
    }
  }

  private func start<T: Transport & ~Copyable>(
    _ device: inout BlockDevice<T>, _ buffer: consuming DMABuffer, _ pending: inout [Pending?]
  ) throws {
    let request = Pending(sector: disk.takeIdleSector(), isWrite: disk.next() & 1 == 0)
    let submission: BlockSubmission<DMABuffer>
    if request.isWrite {
      var buffer = buffer
      disk.rewrite(request.sector, into: &buffer)
      submission = device.startWrite(sector: UInt64(request.sector), from: buffer)
    } else {
      submission = device.startRead(sector: UInt64(request.sector), into: buffer)
    }
    switch submission {
    case .accepted(let token): pending[token.number] = request
    case .refused(let refusal, _): throw refusal
    }
  }

  /// Nothing came for long: is it that the device does not know, and has not got to know since the last time?
  private func isStalled(_ state: QueueState, _ bench: Bench) throws -> Bool {
    let seen = UInt16(try bench.queue().lastAvailableIndex)
    let known = (done, seen)
    defer { lastLook = known }
    guard let lastLook, lastLook == known else { return false }
    outcome = .stalled(shown: state.availableIndex, seen: seen)
    return true
  }

  private func note(_ mistake: String) { if mistakes.count < 8 { mistakes.append(mistake) } }
}
