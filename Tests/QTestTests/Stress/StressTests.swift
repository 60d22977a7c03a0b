import DevicePlatform
import Foundation
import QTest
import Testing
import VirtIO

/// A disk whose device model has a thread of its own, which goes to sleep whenever it finds nothing to do.
struct RacingDisk {
  let bench: Bench
  let image: MemoryFile

  /// QEMU gives threads to PCI devices only; on MMIO its main thread is the racer.
  init(_ place: Place) throws {
    image = try StressDisk.file()
    bench = try Bench(
      place,
      arguments: [
        "-object", "iothread,id=io0,poll-max-ns=0",
        "-drive", "file=\(QTestMachine.path(ofFile: 0)),if=none,id=d0,format=raw",
        "-device", "\(place.model("blk")),drive=d0\(place.isPCI ? ",iothread=io0" : "")",
      ], files: [image])
  }

  /// The processor time that the device model's thread has used, in the kernel's ticks.
  func threadTicks() throws -> Int {
    let threads = try bench.machine.monitor.execute("query-iothreads").elements ?? []
    let thread = try #require(threads.first?["thread-id"]?.unsigned)
    let path = "/proc/\(bench.machine.process.processID)/task/\(thread)/stat"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    // User and system time are the 12th and 13th field behind the name, which is in parentheses.
    let fields = try #require(text.split(separator: ")").last).split(separator: " ")
    return try #require(Int(fields[11])) + #require(Int(fields[12]))
  }

  /// Runs a trial and expects that every request was answered as it should be.
  func expectAllWell(_ run: StressRun, location: SourceLocation = #_sourceLocation) throws {
    try bench.use(.block, run)
    #expect(run.outcome == .finished, sourceLocation: location)
    #expect(run.done == run.requests && run.mistakes == [], sourceLocation: location)
    #expect(try run.disk.differences(from: image) == [], sourceLocation: location)
    if bench.place.isPCI {
      #expect(try threadTicks() > 0, "the device's thread did the work", sourceLocation: location)
    }
    try bench.expectCleanEnd(location: location)
  }
}

extension EmulatedMachines {
  /// Driver and device on two processors, and neither waits for the other.
  @Suite struct StressTests {
    @Test(arguments: [Place.q35PCI, .q35LegacyPCI, .aarch64PCI, .riscv64MMIO, .microvmLegacyMMIO], [3, 8])
    func disk_racingDevice_answersEveryRequestOnce(_ place: Place, depth: Int) throws {
      let run = StressRun(requests: 10_000, depth: depth, seed: UInt64(depth))
      try RacingDisk(place).expectAllWell(run)
    }

    /// The control: a store buffer that a fence would empty. With the driver's fences nothing is lost.
    @Test func storeBuffer_withFences_losesNothing() throws {
      let disk = try RacingDisk(.q35PCI)
      let outcome = try run(disk, hasFences: true)
      #expect(outcome == .finished)
    }

    /// Without them the device falls asleep on requests that it does not know of, and this is noticed.
    @Test func storeBuffer_withoutFences_isNoticed() throws {
      let disk = try RacingDisk(.q35PCI)
      let outcome = try run(disk, hasFences: false)
      guard case .stalled(let shown, let seen) = outcome else {
        Issue.record("finished without the fences")
        return
      }
      #expect(shown != seen)
    }

    private func run(_ disk: RacingDisk, hasFences: Bool) throws -> StressRun.Outcome? {
      let provider = RefittedMemory(disk.bench.machine.memory.provider, access: StoreBuffer(hasFences: hasFences))
      let memory = DMAPool(provider: provider)
      let run = StressRun(requests: 20_000, depth: 3, seed: 1)
      try disk.bench.use(.block, memory: memory, run)
      #expect(run.mistakes == [])
      #expect(memory.buffersInUse == 0 && memory.buffersLost == 0)
      try disk.bench.expectCleanEnd()
      return run.outcome
    }
  }
}
