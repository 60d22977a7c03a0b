// Keeps a number of random reads in flight for some time.

import DevicePlatform
import Foundation
import VhostUser
import VirtIO
import VirtIOBlock

/// What is asked of a bench.
package struct BlockBenchShape: Sendable {
  package var depth = 32
  package var duration = TimeSpan.seconds(5)
  /// Ends after so many requests instead, if it is given.
  package var requests: UInt64?
  package var blockByteCount = 4096
  /// Two readings of the clock a round, however many requests it has.
  package var hasLatencies = true
  package var waiting = Waiting.adaptive

  /// How a request that is not over yet is waited for.
  package enum Waiting: String, CaseIterable, Sendable {
    /// Look without end.
    case poll
    /// Sleep until the back-end interrupts.
    case sleep
    /// Look for a short while, then sleep.
    case adaptive
  }

  package init() {}
}

/// What came of it.
package struct BlockBenchResult {
  package var requests: UInt64 = 0
  package var nanoseconds: UInt64 = 0
  package var kicks: UInt64 = 0
  package var sleeps: UInt64 = 0
  package var processorNanoseconds: UInt64 = 0
  package var latencies = LatencyHistogram()

  package var perSecond: Double { Double(requests) * 1e9 / Double(max(1, nanoseconds)) }
  package func perRequest(_ count: UInt64) -> Double { Double(count) / Double(max(1, requests)) }
}

extension BlockBenchShape {
  /// Measures a disk behind a socket.
  package func run(on device: VhostUserDevice, timeoutSeconds: UInt32) throws -> BlockBenchResult {
    var session = try BlockSession(
      device, timeoutSeconds: timeoutSeconds, pollingFor: waiting == .sleep ? .microseconds(0) : .microseconds(20),
      usesTables: depth > Self.directDepth)
    let block = Int(session.disk.geometry.blockByteCount)
    guard blockByteCount % block == 0 else {
      throw UsageError("--block-size \(blockByteCount): expected a multiple of \(block), the disk's block size")
    }
    var bench = try BlockBench(self, session)
    let result = try bench.run(&session)
    session.warnOfFalseLengths()
    try session.shutDown()
    return result
  }

  /// The most requests of three descriptors that a ring of 1024 entries holds.
  private static let directDepth = 341

  /// What the back-end's interrupts are good for.
  package var interrupts: VhostUserOptions.Interrupts { waiting == .poll ? .ignored : .awaited }
}

struct BlockBench: ~Copyable {
  private let shape: BlockBenchShape
  private var random: UInt64 = 88_172_645_463_325_252
  private let positions: UInt64
  private let sectorsPerRead: UInt64
  private var buffers: DMABufferStack
  /// When each request was started, by token.
  private var starts: [UInt64]

  init(_ shape: BlockBenchShape, _ session: borrowing BlockSession) throws {
    let sectors = UInt64(shape.blockByteCount / 512)
    let geometry = session.disk.geometry
    guard geometry.sectorCount >= sectors else {
      throw UsageError("--block-size \(shape.blockByteCount): the disk has only \(geometry.byteCount) bytes")
    }
    guard shape.depth <= session.disk.capacity else {
      throw UsageError("--depth \(shape.depth): the disk takes \(session.disk.capacity) requests at a time")
    }
    var buffers = DMABufferStack(capacity: shape.depth)
    for _ in 0..<shape.depth {
      do throws(DMAError) {
        buffers.push(try session.device.memory.allocate(byteCount: shape.blockByteCount))
      } catch {
        throw UsageError(
          "--depth \(shape.depth) with --block-size \(shape.blockByteCount): expected buffers that fit into "
            + "\(VhostUserOptions().memoryByteCount) bytes, all the memory that the device shares")
      }
    }
    self.shape = shape
    sectorsPerRead = sectors
    positions = geometry.sectorCount / sectors
    self.buffers = buffers
    starts = [UInt64](repeating: 0, count: 1024)
  }

  mutating func run(_ session: inout BlockSession) throws -> BlockBenchResult {
    var result = BlockBenchResult()
    let clock = LinuxClock()
    let kicks = session.disk.queueState.counters.notifications
    let processor = clock.processorTime.nanoseconds
    let begin = clock.now
    let end = shape.requests == nil ? begin + shape.duration : MonotonicTime(nanoseconds: .max)
    var now = begin
    var untilLook = 0
    while true {
      try start(&session, now)
      // A look before the bell's, which is too late for what the driver has taken.
      session.observeRings()
      session.disk.publish()
      let done = try finish(&session, &result)
      untilLook -= done
      // The clock is looked at once a round for latencies, else seldom.
      if shape.hasLatencies || untilLook <= 0 {
        untilLook = 64
        now = clock.now
        if now >= end { break }
      }
      if let requests = shape.requests, result.requests >= requests {
        now = clock.now
        break
      }
    }
    result.nanoseconds = (now - begin).nanoseconds
    result.processorNanoseconds = (clock.processorTime.nanoseconds - processor)
    result.kicks = session.disk.queueState.counters.notifications - kicks
    result.sleeps = session.waiter.sleeps
    while session.disk.inFlight > 0 { buffers.push(try session.next().takeBuffer()) }
    return result
  }

  /// Starts as many requests as there are buffers.
  private mutating func start(_ session: inout BlockSession, _ now: MonotonicTime) throws {
    while let buffer = buffers.pop() {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      switch session.disk.startRead(sector: random % positions * sectorsPerRead, into: buffer) {
      case .accepted(let token): if shape.hasLatencies { starts[token.number] = now.nanoseconds }
      case .refused(let refusal, _): throw ToolError(refusal.words)
      }
    }
  }

  /// Takes what is over; waits for the first.
  private mutating func finish(_ session: inout BlockSession, _ result: inout BlockBenchResult) throws -> Int {
    var count = 0
    var now: UInt64 = 0
    while true {
      var next = session.take()
      if next == nil {
        if count > 0 { break }
        next = shape.waiting == .poll ? try poll(&session) : try session.next()
      }
      guard let completion = next else { break }
      guard completion.result == .done else {
        // What the device did wrong comes before what that did to the reads.
        throw session.problem ?? DeviceProblem("a read ended: \(completion.result.words)", clause: nil)
      }
      if shape.hasLatencies {
        if count == 0 { now = LinuxClock().now.nanoseconds }
        let start = starts[completion.token.number]
        result.latencies.add(now > start ? now - start : 0)
      }
      buffers.push(completion.takeBuffer())
      count += 1
    }
    result.requests += UInt64(count)
    return count
  }

  /// Looks without end, and after a while whether there still is a device.
  private func poll(_ session: inout BlockSession) throws -> BlockCompletion {
    for _ in 0..<20_000 {
      if let completion = session.take() { return completion }
      relaxProcessor()
    }
    return try session.next()
  }
}
