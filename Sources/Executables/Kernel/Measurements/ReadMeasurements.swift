#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// What a machine with one disk does for `vireo guest bench --peer`: it reads, and says how fast.
  struct ReadMeasurements {
    /// What was asked for.
    enum Work {
      /// So many reads of 4 KiB one after the other: somebody else counts.
      case reads(UInt64)
      /// Reads at depth 1 and 32 and in sequence, each for so long.
      case rates(TimeSpan)

      /// The words `vireo.reads=COUNT` and `vireo.rates=MILLISECONDS`.
      init?(word: String) {
        let parts = word.utf8.split(separator: UInt8(ascii: "="))
        guard parts.count == 2, let number = UInt32(String(Substring(parts[1]))), number > 0 else { return nil }
        switch String(Substring(parts[0])) {
        case "vireo.reads": self = .reads(UInt64(number))
        case "vireo.rates": self = .rates(.milliseconds(number))
        default: return nil
        }
      }
    }

    let report: Report
    let table: DeviceTable
    let memory: KernelMemory
    let clock: CounterClock

    func run(_ work: Work) {
      let what = "bench: the first disk was read"
      guard let disk = table.disks.first else { return report.fail(what, because: "no disk, expected at least one") }
      do throws(BlockError) {
        let first = try disk.perform(load(depth: 1, count: 1), memory: memory, clock: clock)
        report.note("bench: first-sector-ns \(clock.now.nanoseconds)")
        switch work {
        case .reads(let count):
          let counts = try disk.perform(load(depth: 1, count: count), memory: memory, clock: clock)
          report.expect(first.reads == 1 && counts.reads == count, what)
        case .rates(let span):
          for depth in [1, 32] {
            let counts = try disk.perform(load(depth: depth, span: span), memory: memory, clock: clock)
            report.note("bench: reads-per-second-at-depth-\(depth) \(counts.rate)")
          }
          let whole = ReadLoad(depth: 1, byteCount: 1 << 20, isSequential: true, span: span)
          let counts = try disk.perform(whole, memory: memory, clock: clock)
          let megabytes = (counts.reads << 20) &* 1000 / max(1, counts.time.nanoseconds)
          report.note("bench: sequential-megabytes-per-second \(megabytes)")
          report.expect(first.reads == 1 && counts.reads > 0, what)
        }
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    private func load(depth: Int, count: UInt64 = .max, span: TimeSpan = .seconds(60)) -> ReadLoad {
      ReadLoad(depth: depth, byteCount: 4096, count: count, span: span)
    }
  }
#endif
