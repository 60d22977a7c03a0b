// Our guest's network beside a Linux guest's.

/// Rounds of both guests in turn, so that whatever else the machine does meets both.
struct NetworkBench {
  let machine: NetworkMachine
  let rounds: Int

  static let shortByteCount = 60
  static let longByteCount = 1514
  /// The first load after a boot, when much is done for the first time.
  static let warmUpCount = 20_000
  /// Each load that is timed lasts about so long, and has at least as many frames as the warm-up.
  static let seconds = 1
  /// Instructions and notifications are counted for so many frames.
  static let countedCount = 50_000

  /// What was measured, and one line on what was lost of how many frames by whom.
  func run() throws -> (figures: [PeerFigure], lost: String) {
    var (ours, theirs) = (Values(.ours), Values(.linux))
    for round in 1...rounds {
      let turn = "round \(round) of \(rounds)"
      Terminal.progress("\(turn): counting instructions for a frame, ours and Linux \(machine.peer.version)")
      try countInstructions(&ours)
      try countInstructions(&theirs)
      Terminal.progress("\(turn): sending and receiving frames")
      try runLoads(&ours)
      try runLoads(&theirs)
    }
    let figures = ours.names.map { name in
      PeerFigure(name: name, ours: ours[name], theirs: theirs[name])
    }
    return (figures, "frames-lost ours \(ours.lost) of \(ours.frames) linux \(theirs.lost) of \(theirs.frames)")
  }

  private struct Values {
    let guest: NetworkMachine.Guest
    private(set) var names: [String] = []
    private var values: [String: [Int]] = [:]
    private(set) var lost = 0
    private(set) var frames = 0

    init(_ guest: NetworkMachine.Guest) { self.guest = guest }

    subscript(name: String) -> [Int] { values[name] ?? [] }

    mutating func add(_ name: String, _ value: Int) {
      if values[name] == nil { names.append(name) }
      values[name, default: []].append(value)
    }

    /// Ours loses nothing; what Linux loses above its driver is told.
    mutating func add(_ result: NetworkResult) throws {
      lost += result.lost
      frames += result.frames + result.lost
      guard guest == .linux || result.lost == 0 && result.disordered == 0 else {
        throw ToolError(
          "our guest lost \(result.lost) of \(result.frames + result.lost) frames, and \(result.disordered) came out of turn"
        )
      }
    }
  }

  private func load(_ direction: NetworkLoad.Direction, _ byteCount: Int, _ count: Int) -> NetworkLoad {
    NetworkLoad(direction, byteCount: byteCount, frameCount: count)
  }

  private func countInstructions(_ values: inout Values) throws {
    let running = try machine.boot(values.guest, countsInstructions: true)
    for direction in NetworkLoad.Direction.allCases {
      try values.add(running.run(load(direction, NetworkBench.shortByteCount, NetworkBench.warmUpCount)))
      let counted = load(direction, NetworkBench.shortByteCount, NetworkBench.countedCount)
      guard let (result, instructions) = try running.countInstructions(counted) else { continue }
      try values.add(result)
      values.add("\(direction.name)-instructions-per-frame", instructions / NetworkBench.countedCount)
    }
    try running.end()
  }

  private func runLoads(_ values: inout Values) throws {
    let running = try machine.boot(values.guest, countsInstructions: false)
    func time(_ direction: NetworkLoad.Direction, _ byteCount: Int) throws -> NetworkResult {
      let first = try running.run(load(direction, byteCount, NetworkBench.warmUpCount))
      try values.add(first)
      let count = max(NetworkBench.warmUpCount, NetworkBench.seconds * first.perSecond(first.frames))
      let result = try running.run(load(direction, byteCount, count))
      try values.add(result)
      return result
    }
    for direction in NetworkLoad.Direction.allCases {
      let name = direction.name
      let short = try time(direction, NetworkBench.shortByteCount)
      values.add("\(name)-frames-per-second", short.perSecond(short.frames))
      let long = try time(direction, NetworkBench.longByteCount)
      let bytes = long.frames * NetworkBench.longByteCount
      values.add("\(name)-megabytes-per-second", long.perSecond(bytes) / 1_000_000)
      let count = NetworkBench.countedCount
      let (told, doorbells) = try running.countDoorbells(load(direction, NetworkBench.shortByteCount, count))
      try values.add(told)
      // The guest's own count and QEMU's are the same but for the frames around the load, where there are both.
      guard told.doorbells.map({ abs($0 - doorbells) <= 2 }) ?? true else {
        throw ToolError("our guest counts \(told.doorbells ?? 0) notifications, QEMU \(doorbells)")
      }
      values.add("\(name)-interrupts-per-1000-frames", told.interrupts * 1000 / count)
      values.add("\(name)-doorbells-per-1000-frames", doorbells * 1000 / count)
    }
    try running.end()
  }
}
