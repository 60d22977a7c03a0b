#if os(none)
  import DeviceManager
  import DeviceTraits
  import Randomness

  extension Shell {
    /// Random bytes of the pool that all entropy sources feed.
    func pool(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("pool N", 1...1)
      let count = try arguments.number(0, "N", 1...65_536)
      let entropy = table.entropy
      do throws(EntropyFailure) {
        var bytes = [UInt8](repeating: 0, count: Int(count))
        var span = bytes.mutableSpan
        try entropy.fill(&span)
        var line: [UInt8] = []
        for byte in bytes {
          line.append(digit(UInt64(byte) >> 4))
          line.append(digit(UInt64(byte)))
        }
        say(String(decoding: line, as: UTF8.self))
        say("sources: \(entropy.sourceCount), seeded \(entropy.seedCount) times")
      } catch {
        throw CommandError("pool: \(error.words)")
      }
    }
  }
#endif
