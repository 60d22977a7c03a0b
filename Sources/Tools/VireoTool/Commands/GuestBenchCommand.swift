// `vireo guest bench`

import Foundation

enum GuestBenchCommand {
  static let usage =
    "vireo guest bench [--strict | --skip-build] [--check] [--counted] [--only RUN] | --peer linux [--device disk|network] "
    + "[--rounds N]"

  /// One architecture each, by the transport that it has by default: what is counted does not depend on the machine.
  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var build = KernelBuild.Mode.usual
    var (isChecked, isCounted) = (false, false)
    var only: String?
    var peer: String?
    var rounds: Int?
    var device: PeerDevice?
    while let option = rest.next() {
      switch option {
      case "--strict", "--skip-build": try build.choose(option)
      case "--check": isChecked = true
      case "--counted": isCounted = true
      case "--only": only = try rest.value(of: option)
      case "--peer": peer = try rest.value(of: option)
      case "--device":
        let name = try rest.value(of: option)
        device = PeerDevice(rawValue: name)
        if device == nil { throw UsageError("--device '\(name)': expected disk or network") }
      case "--rounds": rounds = try rest.positiveNumber(of: option)
      default: throw rest.unknown(option)
      }
    }
    if let peer {
      guard peer == "linux" else { throw UsageError("--peer '\(peer)': expected linux") }
      guard !isChecked, !isCounted, only == nil else {
        throw UsageError("--peer goes with --device, --rounds, --strict and --skip-build only")
      }
      return try comparePeer(device.map { [$0] } ?? PeerDevice.allCases, rounds: rounds ?? 3, build)
    }
    guard rounds == nil, device == nil else { throw UsageError("--rounds and --device go with --peer only") }
    let runs = Combination.all.filter { only == nil || $0.name == only }
    guard !runs.isEmpty else {
      let names = Combination.all.map(\.name).joined(separator: ", ")
      throw UsageError("--only '\(only ?? "")': expected one of \(names)")
    }
    let package = try PackageFolder.current()
    try EmulatorInstall.ensure(Array(Set(runs.map(\.architecture))))
    try KernelBuild.run(Array(Set(runs.map(\.architecture))), in: package, build)
    var results: [(run: String, figures: BenchFigures)] = []
    for combination in runs {
      var figures = try counted(combination, package)
      if !isCounted { figures.values += try timed(combination, package) }
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

  /// What of a Linux guest is measured beside ours.
  private enum PeerDevice: String, CaseIterable {
    case disk, network
  }

  /// Our guest beside a Linux guest: in the same emulator, with the same disk or on the same wire, in turn.
  private static func comparePeer(_ devices: [PeerDevice], rounds: Int, _ build: KernelBuild.Mode) throws -> Int32 {
    let package = try PackageFolder.current()
    let combination = PeerMachine.combination
    try EmulatorInstall.ensure([combination.architecture])
    let peer = try LinuxPeer.prepare(in: package)
    let kernel = try KernelBuild.run(combination.architecture, in: package, build)
    if devices.contains(.disk) {
      let bench = PeerBench(machine: try PeerMachine(package: package, peer: peer), kernel: kernel, rounds: rounds)
      for figure in try bench.run() { try Terminal.print("\(combination.name) \(figure.line)") }
    }
    if devices.contains(.network) {
      let bench = NetworkBench(machine: NetworkMachine(peer: peer, kernel: kernel), rounds: rounds)
      let (figures, lost) = try bench.run()
      for figure in figures { try Terminal.print("\(combination.name) \(figure.line)") }
      try Terminal.print("\(combination.name) \(lost)")
    }
    return 0
  }

  /// What the guest counts when QEMU counts instructions, and the size of its image.
  private static func counted(_ combination: Combination, _ package: PackageFolder) throws -> BenchFigures {
    var run = guestRun(combination, package)
    run.measurement = .counted
    // Two cards on one wire that leads nowhere else, in slots that share no interrupt line with the disk's.
    for index in 0..<2 {
      let slot = combination.transport == .pci ? ",addr=\(6 + index)" : ""
      run.extraArguments += ["-netdev", "hubport,id=wire\(index),hubid=0"]
      run.extraArguments += combination.device("virtio-net", "netdev=wire\(index),mac=52:54:00:00:00:0\(index)\(slot)")
    }
    Terminal.progress("measuring \(combination) in QEMU")
    let result = try run.run()
    guard result.failures.isEmpty else {
      throw ToolError("\(combination): \(result.failures.joined(separator: "; "))")
    }
    var figures = try BenchFigures(lines: result.lines)
    guard !figures.values.isEmpty else { throw ToolError("\(combination): the guest measured nothing") }
    figures.values.removeAll { isRate($0.name) }
    if let bytes = ImageSize.loadedBytes(ofFile: run.kernelPath) { figures.values.append(("image-bytes", bytes)) }
    return figures
  }

  /// Speed needs a guest that runs freely, and so does time by the host's clock: medians of five runs.
  private static func timed(
    _ combination: Combination, _ package: PackageFolder
  ) throws -> [(name: String, value: Int)] {
    var run = guestRun(combination, package)
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
    var figures = rates.map { (name: $0.name, value: $0.values.sorted()[$0.values.count / 2]) }
    times.sort()
    if times.count == 5 {
      figures += [
        ("first-sector-ms-min", times[0]), ("first-sector-ms-median", times[2]), ("first-sector-ms-max", times[4]),
      ]
    }
    return figures
  }

  private static func guestRun(_ combination: Combination, _ package: PackageFolder) -> GuestRun {
    var run = GuestRun(
      combination: combination, kernelPath: package.kernel(combination.architecture).path,
      folder: package.runs.appendingPathComponent("bench-\(combination.name)"))
    run.deadlineSeconds = 120
    return run
  }
}
