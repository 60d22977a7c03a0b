import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

/// A disk whose interrupt line is watched.
struct WatchedDisk<T: Transport & ~Copyable>: ~Copyable {
  let bench: Bench
  let line: WatchedLine
  var disk: BlockDevice<T>
  let handle: InterruptHandle<T.Interrupts>
  var waiter: QTestWaiter

  init(_ transport: consuming T, _ bench: Bench, _ line: WatchedLine, features: FeatureSet) throws {
    var options = BlockOptions()
    options.features.remove(.eventIndex)
    options.features.formUnion(features)
    var waiter = bench.machine.waiter
    let disk = try BlockDevice(transport, options: options, waiter: &waiter)
    handle = disk.makeInterruptHandle()
    self.disk = disk
    self.waiter = waiter
    self.bench = bench
    self.line = line
  }

  /// With EVENT_IDX a fresh ring asks for the very first use, for used_event is 0; the driver cannot do otherwise.
  mutating func passFirstInterrupt() throws {
    // Bring-up is silent.
    #expect(try line.edges() == [])
    try start(1)
    #expect(try finish(1) == 1)
    guard disk.features.contains(.eventIndex) else { return #expect(try line.edges() == []) }
    #expect(try line.edges() == [true])
    try acknowledge(.usedBuffers)
  }

  /// Starts reads and shows the device all of them at once.
  ///
  /// They are not neighbours: QEMU would merge those, and finish all in one step.
  mutating func start(_ count: Int, location: SourceLocation = #_sourceLocation) throws {
    for sector in 0..<UInt64(count) {
      switch disk.startRead(sector: 2 * sector, into: try bench.machine.memory.allocate(byteCount: 512)) {
      case .accepted: break
      case .refused(let refusal, _): Issue.record("refused: \(refusal.words)", sourceLocation: location)
      }
    }
    disk.publish()
  }

  /// Takes what is finished, without waiting.
  mutating func drain() -> Int {
    var count = 0
    while let completion = disk.complete() {
      #expect(completion.result == .done)
      count += 1
    }
    return count
  }

  /// Takes completions until there are `count`, by polling alone.
  mutating func finish(_ count: Int) throws -> Int {
    let deadline = waiter.now + .seconds(10)
    var done = 0
    while done < count, waiter.now < deadline {
      guard let completion = disk.complete() else {
        waiter.wait(until: deadline)
        continue
      }
      #expect(completion.result == .done)
      done += 1
    }
    return done
  }

  /// Looks at nothing but the line until it goes up; all that it did meanwhile.
  mutating func edgesUntilRaised() throws -> [Bool] {
    let deadline = waiter.now + .seconds(10)
    while !line.isRaised, waiter.now < deadline { waiter.wait(until: deadline) }
    return try line.edges()
  }

  /// One call of the interrupt handler lowers the line and leaves these events, once.
  func acknowledge(_ events: DeviceEvents, location: SourceLocation = #_sourceLocation) throws {
    #expect(line.isRaised, sourceLocation: location)
    let count = disk.mailbox.interrupts
    #expect(handle.handleInterrupt(), sourceLocation: location)
    #expect(disk.mailbox.interrupts == count + 1, sourceLocation: location)
    #expect(try line.edges() == [false], sourceLocation: location)
    #expect(!line.isRaised, sourceLocation: location)
    #expect(disk.mailbox.take() == events, sourceLocation: location)
    #expect(disk.mailbox.isEmpty, sourceLocation: location)
  }

  /// A call for no reason is counted, leaves no event and moves nothing.
  func callForNothing(location: SourceLocation = #_sourceLocation) throws {
    let (spurious, count) = (disk.mailbox.spuriousInterrupts, disk.mailbox.interrupts)
    #expect(!handle.handleInterrupt(), sourceLocation: location)
    #expect(disk.mailbox.spuriousInterrupts == spurious + 1, sourceLocation: location)
    #expect(disk.mailbox.interrupts == count && disk.mailbox.isEmpty, sourceLocation: location)
    #expect(try line.edges() == [], sourceLocation: location)
  }
}

/// What is done with a disk, over whichever transport it has.
protocol InterruptTrial {
  /// What the driver wants of the ring besides its other wishes: EVENT_IDX or nothing.
  var features: FeatureSet { get }
  /// Does it, and leaves nothing in flight.
  func run<T: Transport & ~Copyable>(_ watched: inout WatchedDisk<T>) throws
}

extension Bench {
  static let sectorCount = 64

  /// Starts a machine with one disk, watches its line, and runs a trial.
  static func watch(_ place: Place, _ trial: some InterruptTrial, drive: String = "") throws {
    let bench = try Bench(
      place,
      arguments: [
        "-drive", "file=\(QTestMachine.path(ofFile: 0)),if=none,id=d0,format=raw\(drive)",
        "-device", place.model("blk") + ",drive=d0" + (place.isPCI ? ",addr=\(Place.pciDevice)" : ""),
      ], files: [try MemoryFile(contents: pattern(sector: 0, count: sectorCount))])
    var device = Place.pciDevice
    if !place.isPCI { device = try #require(bench.machine.mmioSlots().firstIndex { $0.load32(at: 8) == 2 }) }
    try bench.use(.block, InterruptTrialUser(trial: trial, device: device))
    try bench.expectCleanEnd()
  }
}

/// A trial's use of its disk.
private struct InterruptTrialUser<Trial: InterruptTrial>: TransportUser {
  let trial: Trial
  let device: Int

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    let line = try WatchedLine(bench, device: device)
    var watched = try WatchedDisk(transport, bench, line, features: trial.features)
    #expect(watched.disk.features.contains(.eventIndex) == trial.features.contains(.eventIndex))
    try watched.passFirstInterrupt()
    try trial.run(&watched)
    #expect(watched.disk.inFlight == 0 && watched.disk.fault == nil)
    #expect(try !bench.report().isBroken)
  }
}
