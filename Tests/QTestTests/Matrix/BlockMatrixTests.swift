import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

extension EmulatedMachines {
  /// What a disk can be like besides the matrix: read-only, and in use for long.
  @Suite struct BlockMatrixTests {
    private func bench(_ place: Place, _ image: MemoryFile, drive: String = "") throws -> Bench {
      try Bench(
        place,
        arguments: [
          "-drive", "file=\(QTestMachine.path(ofFile: 0)),if=none,id=d0,format=raw\(drive)",
          "-device", "\(place.model("blk")),drive=d0",
        ], files: [image])
    }

    @Test(arguments: Place.allCases)
    func disk_readOnly_refusesWritesAndReads(_ place: Place) throws {
      let image = try PatternDisk.file()
      let bench = try bench(place, image, drive: ",readonly=on")
      try bench.use(.block, ReadOnlyTrial())
      #expect(try image.read(at: 0, byteCount: 512)[...] == PatternDisk.sector(0))
      try bench.expectCleanEnd()
    }

    @Test(arguments: [Place.aarch64MMIO, .q35PCI])
    func disk_indicesPastTheirWidth_stillAgree(_ place: Place) throws {
      let bench = try bench(place, try PatternDisk.file())
      try bench.use(.block, ManyReadsTrial(count: 70_000))
      try bench.expectCleanEnd()
    }
  }
}

private struct ReadOnlyTrial: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var disk = try BlockDevice(transport, waiter: &waiter)
    #expect(disk.geometry.isReadOnly)
    #expect(try bench.report().driverFeatures & 1 << 5 != 0)
    var buffer = try bench.machine.memory.allocate(byteCount: 512)
    #expect(throws: BlockError.refused(.readOnly)) {
      try disk.write(sector: 0, from: &buffer, waiter: &waiter)
    }
    try disk.read(sector: 7, into: &buffer, waiter: &waiter)
    #expect(buffer.array(512)[...] == PatternDisk.sector(7))
    try bench.expectAgreement(on: disk.queueState)
    #expect(disk.status.contains(.driverOK))
  }
}

/// Keeps several reads in flight until `count` are done.
private struct ManyReadsTrial: TransportUser {
  let count: Int

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var disk = try BlockDevice(transport, waiter: &waiter)
    bench.machine.connection.postsWrites = true
    var (started, done, wrong) = (0, 0, 0)
    var sectors = [UInt64](repeating: 0, count: disk.capacity)
    var deadline = waiter.now + .seconds(10)
    func start(_ buffer: consuming DMABuffer) throws {
      let sector = UInt64(started) % disk.geometry.sectorCount
      guard case .accepted(let token) = disk.startRead(sector: sector, into: buffer) else {
        throw QTestError.malformed(what: "submission", found: "refused after \(started)")
      }
      sectors[token.number] = sector
      started += 1
    }
    for _ in 0..<32 { try start(try bench.machine.memory.allocate(byteCount: 512)) }
    disk.publish()
    while done < count, waiter.now < deadline {
      guard let completion = disk.complete() else {
        disk.publish()
        waiter.wait(until: deadline)
        continue
      }
      deadline = waiter.now + .seconds(10)
      done += 1
      let sector = sectors[completion.token.number]
      if completion.result != .done { wrong += 1 }
      let buffer = completion.takeBuffer()
      if buffer.array(4)[...] != PatternDisk.sector(sector).prefix(4) { wrong += 1 }
      if started < count { try start(buffer) }
    }
    #expect(done == count && wrong == 0)
    try bench.expectAgreement(on: disk.queueState)
    #expect(Int(disk.queueState.usedIndex) == count % 65_536)
    #expect(disk.status.contains(.driverOK))
  }
}
