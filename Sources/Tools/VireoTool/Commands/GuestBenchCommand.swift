// `vireo guest bench`

import Foundation

enum GuestBenchCommand {
  static let usage = "vireo guest bench [--strict] [--check] [--only RUN] | --peer linux [--rounds N]"

  /// One architecture each, by the transport that it has by default: what is counted does not depend on the machine.
  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var (isStrict, isChecked) = (false, false)
    var only: String?
    var peer: String?
    var rounds: Int?
    while let option = rest.next() {
      switch option {
      case "--strict": isStrict = true
      case "--check": isChecked = true
      case "--only": only = try rest.value(of: option)
      case "--peer": peer = try rest.value(of: option)
      case "--rounds": rounds = try rest.positiveNumber(of: option)
      default: throw rest.unknown(option)
      }
    }
    if let peer {
      guard peer == "linux" else { throw UsageError("--peer '\(peer)': expected linux") }
      guard !isChecked, only == nil else { throw UsageError("--peer goes with --rounds and --strict only") }
      return try comparePeer(rounds: rounds ?? 3, isStrict: isStrict)
    }
    guard rounds == nil else { throw UsageError("--rounds goes with --peer only") }
    let runs = Combination.all.filter { only == nil || $0.name == only }
    guard !runs.isEmpty else {
      let names = Combination.all.map(\.name).joined(separator: ", ")
      throw UsageError("--only '\(only ?? "")': expected one of \(names)")
    }
    let package = try PackageFolder.current()
    try EmulatorInstall.ensure(Array(Set(runs.map(\.architecture))))
    var results: [(run: String, figures: BenchFigures)] = []
    for combination in runs {
      let figures = try measure(combination, package, isStrict: isStrict)
      for (name, value) in figures.values { try Terminal.print("\(combination.name) \(name) \(value)") }
      results.append((combination.name, figures))
    }
    guard isChecked else { return 0 }
    let file = package.root.appendingPathComponent("Benchmarks/Thresholds/guest.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw ToolError("'\(file.path)' cannot be read; expected the guest's thresholds")
    }
    let findings = try BenchThresholds(text: text, file: file.path).findings(results)
    try findings.forEach(Terminal.print)
    return findings.isEmpty ? 0 : 1
  }

  private static func isRate(_ name: String) -> Bool { name.contains("per-second") }

  /// Our guest beside a Linux guest: in the same emulator, with the same disk, in turn.
  private static func comparePeer(rounds: Int, isStrict: Bool) throws -> Int32 {
    let package = try PackageFolder.current()
    try EmulatorInstall.ensure([PeerMachine.combination.architecture])
    let peer = try LinuxPeer.prepare(in: package)
    let kernel = try KernelBuild.run(PeerMachine.combination.architecture, in: package, isStrict: isStrict)
    let bench = PeerBench(machine: try PeerMachine(package: package, peer: peer), kernel: kernel, rounds: rounds)
    for figure in try bench.run() { try Terminal.print("\(PeerMachine.combination.name) \(figure.line)") }
    return 0
  }

  private static func measure(
    _ combination: Combination, _ package: PackageFolder, isStrict: Bool
  ) throws -> BenchFigures {
    let kernel = try KernelBuild.run(combination.architecture, in: package, isStrict: isStrict)
    var run = GuestRun(
      combination: combination, kernelPath: kernel,
      folder: package.runs.appendingPathComponent("bench-\(combination.name)"))
    run.measurement = .counted
    run.deadlineSeconds = 120
    Terminal.progress("measuring \(combination) in QEMU")
    let counted = try run.run()
    guard counted.failures.isEmpty else {
      throw ToolError("\(combination): \(counted.failures.joined(separator: "; "))")
    }
    var figures = try BenchFigures(lines: counted.lines)
    guard !figures.values.isEmpty else { throw ToolError("\(combination): the guest measured nothing") }
    // Speed needs a guest that runs freely, and so does time by the host's clock.
    figures.values.removeAll { isRate($0.name) }
    run.measurement = .timed
    var times: [Int] = []
    var rates: [(name: String, values: [Int])] = []
    for _ in 0..<5 {
      let timed = try run.run()
      if let time = timed.firstSectorMilliseconds { times.append(time) }
      for (name, value) in try BenchFigures(lines: timed.lines).values where isRate(name) {
        if let index = rates.firstIndex(where: { $0.name == name }) {
          rates[index].values.append(value)
        } else {
          rates.append((name, [value]))
        }
      }
    }
    for (name, values) in rates { figures.values.append((name, values.sorted()[values.count / 2])) }
    times.sort()
    if times.count == 5 {
      figures.values += [
        ("first-sector-ms-min", times[0]), ("first-sector-ms-median", times[2]), ("first-sector-ms-max", times[4]),
      ]
    }
    if let bytes = ImageSize.loadedBytes(ofFile: kernel) { figures.values.append(("image-bytes", bytes)) }
    return figures
  }
}
