// Our guest beside a Linux guest.

/// Rounds of both guests in turn, so that whatever else the machine does meets both.
struct PeerBench {
  let machine: PeerMachine
  let kernel: String
  let rounds: Int

  /// Each load of a round lasts so long.
  static let milliseconds = 1000
  /// A boot costs instructions, too: what a read costs is told by the difference of two boots.
  static let reads = (few: 1000, many: 11_000)

  func run() throws -> [PeerFigure] {
    var ours: [String: [Int]] = [:]
    var theirs: [String: [Int]] = [:]
    for round in 1...rounds {
      Terminal.progress("round \(round) of \(rounds): counting instructions, ours and Linux \(machine.peer.version)")
      ours["instructions-per-read", default: []].append(try instructions { try machine.runOurs($0, kernel: kernel) })
      theirs["instructions-per-read", default: []].append(try instructions { try machine.runLinux($0) })
      Terminal.progress("round \(round) of \(rounds): timing reads")
      let work = PeerWork.rates(milliseconds: PeerBench.milliseconds)
      let (a, b) = (try machine.runOurs(work, kernel: kernel), try machine.runLinux(work))
      for name in PeerBench.timed {
        guard let first = a.value(name), let second = b.value(name) else {
          throw ToolError("'\(name)' was not measured: ours \(a.figures.values), Linux \(b.figures.values)")
        }
        ours[name, default: []].append(first)
        theirs[name, default: []].append(second)
      }
    }
    return (["instructions-per-read"] + PeerBench.timed).map {
      PeerFigure(name: $0, ours: ours[$0] ?? [], theirs: theirs[$0] ?? [])
    }
  }

  private static let timed = [
    "first-sector-ms", "reads-per-second-at-depth-1", "reads-per-second-at-depth-32",
    "sequential-megabytes-per-second",
  ]

  private func instructions(_ boot: (PeerWork) throws -> PeerResult) throws -> Int {
    let few = try boot(.reads(PeerBench.reads.few)).instructions ?? 0
    let many = try boot(.reads(PeerBench.reads.many)).instructions ?? 0
    return (many - few) / (PeerBench.reads.many - PeerBench.reads.few)
  }
}
