#if os(none)
  import BareMetal
  import DevicePlatform
  import Synchronization
  import VirtIO

  /// A great many requests of the first disk, while its interrupts and the timer's fall into whatever the driver does.
  struct StressTest {
    let report: Report
    let table: DeviceTable
    let memory: KernelMemory
    let clock: CounterClock

    /// Makes so many requests.
    func run(requests: Int) {
      let what = "stress: \(requests) requests while interrupts fire, and none is lost"
      guard let disk = table.disks.first, let lines = table.lines, disk.connection != nil else {
        return report.fail(what, because: "no disk that interrupts, expected at least one")
      }
      let beat = TimerBeat(lines.interrupts)
      lines.interrupts.setTimerHandler(beat)
      beat.handleInterrupt()
      var storm = SubmissionStorm(disk: disk, memory: memory, clock: clock)
      let start = clock.now
      storm.run(requests: requests)
      lines.interrupts.setTimerHandler(nil)
      let milliseconds = (clock.now - start).nanoseconds / 1_000_000
      report.note("stress: \(storm.words); \(beat.count) timer interrupts, \(milliseconds) ms")
      let queue = disk.queue
      report.note("stress: available index \(queue.availableIndex), used index \(queue.usedIndex)")
      report.expect(storm.isComplete, what)
      report.expect(
        Int(storm.interrupts) + beat.count > requests / 100, "stress: there was an interrupt for every 100 requests")
      lines.lookForProblems()
      report.expect(lines.problems.isEmpty, "stress: no line was out of order")
    }
  }

  /// The timer, again and again, at intervals that the loop does not have.
  private final class TimerBeat: InterruptHandler {
    private let interrupts: Interrupts
    private let seen = Atomic<Int>(0)

    init(_ interrupts: Interrupts) { self.interrupts = interrupts }

    var count: Int { seen.load(ordering: .relaxed) }

    func handleInterrupt() {
      let count = seen.wrappingAdd(1, ordering: .relaxed).newValue
      interrupts.armTimer(at: interrupts.clock.now + .microseconds(20 + UInt32(count % 7) * 9))
    }
  }
#endif
