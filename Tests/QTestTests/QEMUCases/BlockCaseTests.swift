import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

extension EmulatedMachines {
  /// The cases of QEMU's own test of its block device, by the names they have there, with our driver.
  ///
  /// What each of them checks was described, not copied. Every place where the case makes sense is tried.
  @Suite struct BlockCaseTests {
    static func bench(_ place: Place, _ image: MemoryFile? = nil) throws -> Bench {
      try Bench(
        place,
        arguments: [
          "-drive", "file=\(QTestMachine.path(ofFile: 0)),if=none,id=d0,format=raw,discard=unmap",
          "-device", "\(place.model("blk")),drive=d0" + (place.isPCI ? ",addr=\(Place.pciDevice)" : ""),
        ], files: [try image ?? PatternDisk.file()])
    }

    /// Capacity; a write and a read of three descriptors; zeroes written by command; a discard.
    @Test(arguments: Place.allCases) func basic(_ place: Place) throws {
      let image = try PatternDisk.file()
      let bench = try Self.bench(place, image)
      try bench.use(.block, WriteAndRead(features: []))
      #expect(try image.read(at: 0, byteCount: 512) == WriteAndRead.text)
      try bench.use(.block, Zeroes())
      #expect(try image.read(at: 8 * 512, byteCount: 1024) == [UInt8](repeating: 0, count: 1024))
      try bench.expectCleanEnd()
    }

    /// Two descriptors: data and status share one. A device before version 1 has to be asked first.
    @Test(arguments: Place.allCases.filter { !$0.isLegacy }) func basic_anyLayout(_ place: Place) throws {
      let bench = try Self.bench(place)
      try bench.use(.block, SharedStatus())
      try bench.expectCleanEnd()
    }

    /// The same requests through a table of descriptors.
    @Test(arguments: Place.allCases) func indirect(_ place: Place) throws {
      let image = try PatternDisk.file()
      let bench = try Self.bench(place, image)
      try bench.use(.block, WriteAndRead(features: .indirectDescriptors))
      #expect(try image.read(at: 0, byteCount: 512) == WriteAndRead.text)
      try bench.expectCleanEnd()
    }

    /// A new size is told by the configuration interrupt; in `resize` of a disk that is in use.
    @Test(arguments: Place.allCases, [false, true]) func config_resize(_ place: Place, isInUse: Bool) throws {
      let bench = try Self.bench(place)
      try bench.use(.block, Resize(isInUse: isInUse))
      try bench.expectCleanEnd()
    }

    /// A queue that does not exist has no size and takes no address.
    @Test(arguments: Place.allCases) func nxvirtq(_ place: Place) throws {
      let bench = try Self.bench(place)
      try bench.use(.block, MissingQueue())
      try bench.expectCleanEnd()
    }
  }
}

/// A sector out and back in, in requests of three descriptors.
private struct WriteAndRead: TransportUser {
  let features: FeatureSet
  static let text = pattern(sector: 7, seed: 0x33)

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var options = BlockOptions()
    options.features = options.features.subtracting([.indirectDescriptors, .eventIndex]).union(features)
    var waiter = bench.machine.waiter
    var disk = try BlockDevice(transport, options: options, waiter: &waiter)
    #expect(disk.features.intersection([.indirectDescriptors, .eventIndex]) == features)
    #expect(disk.geometry.sectorCount == PatternDisk.sectorCount)
    var buffer = try bench.machine.memory.allocate(byteCount: 512)
    buffer.fill(with: Self.text[...])
    let address = buffer.deviceAddress.rawValue
    try disk.write(sector: 0, from: &buffer, waiter: &waiter)
    let element = try bench.machine.monitor.queueElement(bench.path, queue: 0, position: 0)
    #expect(element.segments.map(\.byteCount) == [16, 512, 1])
    #expect(element.segments.map(\.deviceWrites) == [false, false, true])
    #expect(element.segments[1].address == address)
    buffer.fill(with: [UInt8](repeating: 0, count: 512)[...])
    try disk.read(sector: 0, into: &buffer, waiter: &waiter)
    #expect(buffer.array(512) == Self.text)
    try bench.expectAgreement(on: disk.queueState)
    #expect(disk.queueState.usedIndex == 2)
  }
}

private struct Zeroes: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var disk = try RawDisk(transport, bench, hasStatus: true)
    #expect(disk.features.isSuperset(of: RawDisk<T>.wanted))
    #expect(try disk.perform(13, sector: 0, .range(sector: 8, count: 2), deviceWrites: false).status == 0)
    let zeroes = try disk.perform(0, sector: 8, [UInt8](repeating: 0xee, count: 1024), deviceWrites: true)
    #expect(zeroes.status == 0 && zeroes.written == 1025)
    #expect(zeroes.data == [UInt8](repeating: 0, count: 1024))
    let neighbour = try disk.perform(0, sector: 10, [UInt8](repeating: 0xee, count: 512), deviceWrites: true)
    #expect(neighbour.data[...] == PatternDisk.sector(10))
    #expect(try disk.perform(11, sector: 0, .range(sector: 64, count: 8), deviceWrites: false).status == 0)
    // Neither a range beyond the end nor a kind of request that there is not.
    #expect(try disk.perform(13, sector: 0, .range(sector: 2047, count: 2), deviceWrites: false).status == 1)
    #expect(try disk.perform(99, sector: 0, .range(sector: 0, count: 1), deviceWrites: false).status == 2)
    disk.close()
  }
}

private struct SharedStatus: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var disk = try RawDisk(transport, bench, hasStatus: false)
    let answer = try disk.perform(0, sector: 3, [UInt8](repeating: 0xee, count: 513), deviceWrites: true)
    #expect(answer.written == 513 && answer.data.last == 0)
    #expect(answer.data[..<512] == PatternDisk.sector(3))
    let element = try bench.machine.monitor.queueElement(bench.path, queue: 0, position: 0)
    #expect(element.segments.map(\.byteCount) == [16, 513])
    disk.close()
  }
}

private struct Resize: TransportUser {
  let isInUse: Bool

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var disk = try BlockDevice(transport, waiter: &waiter)
    let handle = disk.makeInterruptHandle()
    var buffer = try bench.machine.memory.allocate(byteCount: 512)
    if isInUse {
      try disk.read(sector: 1, into: &buffer, waiter: &waiter)
      handle.handleInterrupt()
      _ = disk.mailbox.take()
    }
    #expect(disk.mailbox.isEmpty)
    try bench.machine.monitor.execute("block_resize", ["device": .string("d0"), "size": .integer(4 << 20)])
    #expect(handle.handleInterrupt())
    #expect(disk.mailbox.take().contains(.configurationChanged))
    let isNew = try disk.refreshGeometry()
    #expect(isNew && disk.geometry.sectorCount == 8192)
    let text = pattern(sector: 9, seed: 0x44)
    buffer.fill(with: text[...])
    try disk.write(sector: 8191, from: &buffer, waiter: &waiter)
    buffer.fill(with: [UInt8](repeating: 0, count: 512)[...])
    try disk.read(sector: 8191, into: &buffer, waiter: &waiter)
    #expect(buffer.array(512) == text)
    try bench.expectAgreement(on: disk.queueState)
  }
}

private struct MissingQueue: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    #expect(transport.maximumSize(ofQueue: 0) > 0)
    for index in [1, 2, 1023, 0xffff] as [UInt16] {
      #expect(transport.maximumSize(ofQueue: index) == 0)
      #expect(throws: BringupError.queueMissing(index: index)) {
        _ = try transport.layout(ofQueue: index, QueueOptions(), features: [])
      }
    }
    // Told an address all the same, the device does not take it; QEMU's MMIO devices of version 2 do, so that the size is
    // all that there is to know it by.
    guard bench.place.isPCI || bench.place.isLegacy else { return }
    let ring = try bench.machine.memory.allocate(byteCount: 4096, alignment: 4096, direction: .bidirectional)
    let base = ring.deviceAddress
    let driver = base.advanced(by: 16 * 8)
    let device = bench.place.isLegacy ? base.advanced(by: 4096) : base.advanced(by: 2048)
    #expect(throws: TransportError.self) {
      try transport.configure(
        queue: 1, size: 8, areas: QueueAreas(descriptors: base, driver: driver, device: device))
    }
    let isReset = transport.reset(attempts: 1000) != nil
    #expect(isReset)
    #expect(try !bench.report().isBroken)
  }
}
