import Foundation
import VirtualMachine

/// This network driver and DPDK's, in front of the same kind of back-end, turn by turn.
struct NetworkComparison {
  private let pairs: Int
  /// Whole seconds of a sample.
  private static let seconds = 4

  /// What one driver did in one sample: the back-end counts the frames, the kernel the driver's processor time.
  private struct Sample {
    let framesPerSecond: Double
    let nanosecondsPerFrame: Double
  }

  private struct Pair {
    let own: Sample
    let other: Sample
  }

  init(_ words: [String]) throws {
    var pairs = 7
    if !words.isEmpty {
      guard words.count == 2, words[0] == "--pairs", let number = Int(words[1]), 1...99 ~= number else {
        refuse("compare-network expects --pairs and a number from 1 to 99")
      }
      pairs = number
    }
    self.pairs = pairs
    guard ChildProcess.find("dpdk-testpmd") != nil else {
      throw BenchFailure(description: "dpdk-testpmd is not installed: apt-get install dpdk-dev")
    }
  }

  func run() throws {
    var all: [Direction: [Pair]] = [:]
    var lineTimes = [try Comparison.lineTime()]
    for _ in 0..<pairs {
      for direction in Direction.allCases {
        all[direction, default: []].append(
          Pair(own: try sample(direction, isOwn: true), other: try sample(direction, isOwn: false)))
        lineTimes.append(try Comparison.lineTime())
      }
    }
    for direction in Direction.allCases { print(direction, all[direction] ?? []) }
    Swift.print("a cache line between the processors: \(Comparison.summary(lineTimes, 0)) ns")
  }

  private func print(_ direction: Direction, _ pairs: [Pair]) {
    func line(_ what: String, _ unit: String, _ digits: Int, _ value: (Sample) -> Double) {
      let own = pairs.map { value($0.own) }
      let other = pairs.map { value($0.other) }
      let ratios = zip(own, other).map { $0 / $1 }
      Swift.print(
        "\(direction.rawValue), \(what) to DPDK: \(Comparison.summary(ratios, 3)) of \(pairs.count) pairs; own "
          + "\(Comparison.summary(own, digits)) \(unit), DPDK \(Comparison.summary(other, digits)) \(unit)")
    }
    line("frames per second", "M/s", 2) { $0.framesPerSecond / 1e6 }
    line("processor time per frame", "ns", 1) { $0.nanosecondsPerFrame }
  }

  /// The back-end has processor 1, the driver processor 0.
  private func sample(_ direction: Direction, isOwn: Bool) throws -> Sample {
    let folder = try TemporaryFolder()
    let socket = folder.path("net.sock")
    let backend = try PacketEngine(.device, socket: socket, sends: direction == .receive, processor: 1)
    defer { backend.stop() }
    try backend.waitUntilListening(socket)
    if isOwn {
      let client = try ChildProcess(
        .init("taskset", ["-c", "0", ownPath, "client-network", direction.rawValue, socket], output: .collected))
      defer { client.kill() }
      return try watch(backend, direction) {
        guard client.status == nil else { throw BenchFailure(description: client.standardError) }
        return ProcessorTime.ofProcess(client)
      }
    }
    let driver = try PacketEngine(.driver, socket: socket, sends: direction == .transmit, processor: 0)
    defer { driver.stop() }
    return try watch(backend, direction) {
      guard !driver.hasEnded else { throw BenchFailure(description: driver.words) }
      return driver.processorNanoseconds
    }
  }

  /// From one of the back-end's reports to a later one, all of it with frames on their way.
  private func watch(
    _ backend: PacketEngine, _ direction: Direction, _ processorTime: () throws -> UInt64
  ) throws -> Sample {
    let deadline = Date() + Double(Self.seconds + 40)
    var first: (reports: Int, frames: UInt64, time: ContinuousClock.Instant, processor: UInt64)?
    var (seen, flowing) = (0, 0)
    while Date() < deadline {
      let processor = try processorTime()
      let (reports, frames) = backend.counts(sent: direction == .receive)
      if reports == seen || frames == 0 {
        seen = reports
        Thread.sleep(forTimeInterval: 0.005)
        continue
      }
      (seen, flowing) = (reports, flowing + 1)
      let now = ContinuousClock.now
      guard let begin = first else {
        // The first report with frames may be of a second that began without.
        if flowing == 2 { first = (reports, frames, now, processor) }
        continue
      }
      if reports < begin.reports + Self.seconds { continue }
      guard frames > begin.frames else { throw BenchFailure(description: "no more frames came: \(backend.words)") }
      let count = Double(frames - begin.frames)
      return Sample(
        framesPerSecond: count / ((now - begin.time) / .seconds(1)),
        nanosecondsPerFrame: Double(processor - begin.processor) / count)
    }
    throw BenchFailure(description: "no frames were counted: \(backend.words)")
  }
}
