import Foundation
import VirtualMachine

/// This program's own file.
let ownPath = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path

/// This driver and the plain C client against the same disk, turn by turn.
struct Comparison {
  private let thresholds: Thresholds?
  private let minutes: Double
  static let depths = [1, 32, 128]
  /// Pairs of samples with the processors near each other that a ratio needs, and how near that is.
  static let pairs = 9
  static let nearNanoseconds = 120.0
  static let sampleMilliseconds = "400"

  /// One pair of samples.
  private struct Pair {
    let own: Measurement
    let plain: Measurement
    let isGated: Bool
    var ratio: Double { own.perSecond / plain.perSecond }
  }

  init(_ words: [String]) throws {
    var rest = words[...]
    var (thresholds, minutes): (Thresholds?, Double) = (nil, 3)
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { refuse("\(option) expects a value") }
      switch option {
      case "--check": thresholds = try Thresholds(path: value)
      case "--minutes":
        guard let number = Double(value), number > 0, number <= 60 else {
          refuse("--minutes '\(value)': expected 0 to 60")
        }
        minutes = number
      default: refuse("'\(option)' is not known")
      }
    }
    self.thresholds = thresholds
    self.minutes = minutes
  }

  /// - Returns: whether everything is within its threshold.
  func run() throws -> Bool {
    let disk = try NullDisk()
    var figures: [(name: String, value: Double, words: String)] = []
    let calls = try systemCalls(disk)
    figures.append(("system calls per request at depth 1, both asleep", calls.total, calls.words))
    let pairs = try measure(disk)
    var isWithin = true
    for depth in Self.depths {
      let all = pairs[depth] ?? []
      let gated = all.filter(\.isGated)
      let isGated = gated.count >= Self.pairs
      let used = isGated ? gated : all
      let ratio = Self.median(used.map(\.ratio))
      figures.append(
        (
          "kicks per request at depth \(depth)", Self.median(all.map { $0.own.perRequest($0.own.kicks) }),
          "plain C \(Self.rounded(Self.median(all.map { $0.plain.perRequest($0.plain.kicks) }), 4))"
        ))
      let name = "requests per second at depth \(depth) to plain C"
      print(
        "\(name): \(Self.summary(used.map(\.ratio), 3)) of \(used.count) pairs, "
          + (isGated ? "gated" : "UNGATED: \(gated.count) of \(all.count) pairs had near processors")
          + "; own \(Self.summary(used.map { $0.own.perSecond / 1000 }, 0)) k/s, plain C "
          + "\(Self.summary(used.map { $0.plain.perSecond / 1000 }, 0)) k/s")
      print(
        "processor time per request at depth \(depth): "
          + "\(Self.summary(used.map { $0.own.perRequest($0.own.processorNanoseconds) }, 0)) ns, plain C "
          + "\(Self.summary(used.map { $0.plain.perRequest($0.plain.processorNanoseconds) }, 0)) ns")
      // A ratio of processors that are far from each other says nothing.
      if isGated, let limit = thresholds?.limit(for: name), ratio < limit {
        print("\(name): \(Self.rounded(ratio, 3)), wanted at least \(limit): TOO SLOW")
        isWithin = false
      }
    }
    for figure in figures {
      var line = "\(figure.name): \(Self.rounded(figure.value, 4)), \(figure.words)"
      if let limit = thresholds?.limit(for: figure.name) {
        line += ", at most \(limit): \(figure.value <= limit ? "ok" : "TOO MANY")"
        isWithin = isWithin && figure.value <= limit
      }
      print(line)
    }
    return isWithin
  }

  /// Rounds over all depths until each has its pairs, or the time is over.
  private func measure(_ disk: NullDisk) throws -> [Int: [Pair]] {
    var pairs: [Int: [Pair]] = [:]
    let end = Date() + minutes * 60
    repeat {
      for depth in Self.depths where (pairs[depth] ?? []).filter(\.isGated).count < Self.pairs {
        let before = try Self.lineTime()
        let own = try sample("virtqueue", disk, depth)
        let between = try Self.lineTime()
        let plain = try sample("plain", disk, depth)
        let after = try Self.lineTime()
        let isGated = [before, between, after].allSatisfy { $0 > 0 && $0 <= Self.nearNanoseconds }
        pairs[depth, default: []].append(Pair(own: own, plain: plain, isGated: isGated))
      }
    } while Date() < end && pairs.values.contains { $0.filter(\.isGated).count < Self.pairs }
    return pairs
  }

  private func sample(_ client: String, _ disk: NullDisk, _ depth: Int) throws -> Measurement {
    try Measurement(
      ChildProcess.output(
        of: "taskset", ["-c", "0", ownPath, "client", client, disk.socket, "\(depth)", Self.sampleMilliseconds]))
  }

  /// In a process of its own, which may then run where it likes.
  static func lineTime() throws -> Double {
    Double(try ChildProcess.output(of: ownPath, ["probe"]).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  /// System calls of a request, as the kernel counts them: the difference of two runs' lengths.
  private func systemCalls(_ disk: NullDisk) throws -> (total: Double, words: String) {
    guard ChildProcess.find("strace") != nil else {
      throw BenchFailure(description: "strace is not installed: apt-get install strace")
    }
    let (short, long) = (1_000, 6_000)
    let a = try calls(disk, short)
    let b = try calls(disk, long)
    var perRequest: [String: Double] = [:]
    for (name, count) in b { perRequest[name] = Double(count - (a[name] ?? 0)) / Double(long - short) }
    let words = perRequest.filter { $0.value > 0.001 }.sorted { $0.value > $1.value }
      .map { "\($0.key) \(Self.rounded($0.value, 4))" }.joined(separator: ", ")
    return (perRequest.values.reduce(0, +), words)
  }

  private func calls(_ disk: NullDisk, _ requests: Int) throws -> [String: Int] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("vhost-bench-\(getpid()).strace")
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try ChildProcess.output(
      of: "strace", ["-f", "-c", "-o", file.path, ownPath, "asleep", disk.socket, "\(requests)"])
    var counts: [String: Int] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let fields = line.split(separator: " ")
      // % time, seconds, usecs/call, calls, [errors], name
      guard fields.count >= 5, let calls = Int(fields[3]), let name = fields.last, name != "total" else { continue }
      counts[String(name)] = calls
    }
    guard !counts.isEmpty else { throw BenchFailure(description: "strace counted nothing") }
    return counts
  }

  private static func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }

  private static func rounded(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

  /// Minimum, median, maximum.
  static func summary(_ values: [Double], _ digits: Int) -> String {
    let sorted = values.sorted()
    guard let first = sorted.first, let last = sorted.last else { return "none" }
    return [first, sorted[sorted.count / 2], last].map { rounded($0, digits) }.joined(separator: "/")
      + " (min/med/max)"
  }
}
