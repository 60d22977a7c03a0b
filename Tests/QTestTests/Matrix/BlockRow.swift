import DevicePlatform
import Foundation
import QTest
import Testing
import VirtIO
import VirtIOBlock

/// The block driver against QEMU's block device: every kind of request, checked against the image from outside.
struct BlockRow: DriverRow {
  let description = "block"
  let model = "blk"
  let type = DeviceType.block
  // Without INDIRECT a request takes three entries: the smallest queue carries one.
  let deviceSizes = [4, 64, 256, 1024]
  let driverSizes = [4, 8, 32, 256, 1024]
  let largestSize = 1024

  func backing(count: Int, in place: Place) throws -> Backing {
    var backing = Backing()
    for index in 0..<count {
      backing.arguments += [
        "-drive", "file=\(QTestMachine.path(ofFile: index)),if=none,id=drive\(index),format=raw",
      ]
      let image = try PatternDisk.file()
      backing.files.append(image)
      backing.ends.append(image)
      backing.properties.append(",drive=drive\(index),serial=vireo-\(index)")
    }
    return backing
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench, _ trial: MatrixTrial) throws {
    var options = BlockOptions()
    options.features.subtract([.eventIndex, .indirectDescriptors])
    options.features.formUnion(trial.wanted)
    options.queueSize = trial.wantedSize
    var waiter = bench.machine.waiter
    var disk = try BlockDevice(transport, options: options, waiter: &waiter)
    try bench.expectAgreement(on: disk.features, wishes: options.features, trial)
    let size = trial.expectedSize(bench.place, self)
    #expect(disk.queueState.size == size, bench.note)
    #expect(disk.capacity == (trial.expected.contains(.indirectDescriptors) ? size : size / 3), bench.note)
    #expect(disk.isLegacy == bench.place.isLegacy, bench.note)
    // From here on driver and device run at the same time.
    bench.machine.connection.postsWrites = true
    let image = try #require(trial.backing.ends[trial.device] as? MemoryFile)
    try BlockTrial(bench: bench, image: image, trial: trial).run(&disk, &waiter)
  }
}

/// What is done with one disk.
private struct BlockTrial {
  let bench: Bench
  let image: MemoryFile
  let trial: MatrixTrial

  private var memory: QTestMemory { bench.machine.memory }
  /// What this trial writes differs from what the one before it has written.
  private var seed: UInt8 { UInt8(truncatingIfNeeded: trial.number &* 2 &+ 0xa7) }

  func run<T: Transport & ~Copyable>(_ disk: inout BlockDevice<T>, _ waiter: inout QTestWaiter) throws {
    #expect(disk.geometry.sectorCount == PatternDisk.sectorCount, bench.note)
    #expect(disk.geometry.blockByteCount == 512 && !disk.geometry.isReadOnly, bench.note)
    let last = disk.geometry.sectorCount - 1
    for sector in [0, 3, last] {
      var buffer = try memory.allocate(byteCount: 512)
      try disk.read(sector: sector, into: &buffer, waiter: &waiter)
      #expect(buffer.array(512)[...] == PatternDisk.sector(sector), bench.note)
    }
    try tryWrite(&disk, &waiter)
    #expect(try disk.identifier(waiter: &waiter) == Array("vireo-\(trial.device)".utf8), bench.note)
    try tryRefusals(&disk)
    for _ in 0..<3 { try tryFullQueue(&disk, &waiter) }
    if disk.maximumSegments >= 3 { try trySegments(&disk, &waiter) }

    var buffer = try memory.allocate(byteCount: 512)
    let address = buffer.deviceAddress.rawValue
    try disk.read(sector: 1, into: &buffer, waiter: &waiter)
    // Not `disarm` alone but the last wait has left the ring as it is when nobody waits.
    disk.disarm()
    try bench.expectAgreement(on: disk.queueState)
    try bench.expectLast(
      [
        .init(address: 0, byteCount: 16, deviceWrites: false),
        .init(address: address, byteCount: 512, deviceWrites: true),
        .init(address: 0, byteCount: 1, deviceWrites: true),
      ], disk.queueState, trial)
    #expect(disk.queueState.availableIndex > 3 * UInt16(disk.capacity), bench.note)
    #expect(disk.status.contains(.driverOK), bench.note)
  }

  private func tryWrite<T: Transport & ~Copyable>(_ disk: inout BlockDevice<T>, _ waiter: inout QTestWaiter) throws {
    let text = pattern(sector: 64, count: 8, seed: seed)
    var buffer = try memory.allocate(byteCount: 4096)
    buffer.fill(with: text[...])
    try disk.write(sector: 64, from: &buffer, waiter: &waiter)
    try disk.flush(waiter: &waiter)
    #expect(try image.read(at: 64 * 512, byteCount: 4096) == text, bench.note)
    for neighbour in [63, 72] as [UInt64] {
      let bytes = try image.read(at: Int(neighbour) * 512, byteCount: 512)
      #expect(bytes[...] == PatternDisk.sector(neighbour), bench.note)
    }
  }

  private func tryRefusals<T: Transport & ~Copyable>(_ disk: inout BlockDevice<T>) throws {
    let count = disk.geometry.sectorCount
    switch disk.startRead(sector: count, into: try memory.allocate(byteCount: 512)) {
    case .accepted: Issue.record("a read past the end was accepted")
    case .refused(let refusal, let buffer):
      #expect(refusal == .beyondCapacity(sector: count, sectorCount: 1, capacity: count))
      #expect(buffer.count == 512)
    }
    switch disk.startWrite(sector: count - 1, from: try memory.allocate(byteCount: 1024)) {
    case .accepted: Issue.record("a write past the end was accepted")
    case .refused(let refusal, _):
      #expect(refusal == .beyondCapacity(sector: count - 1, sectorCount: 2, capacity: count))
    }
    switch disk.startRead(sector: 0, into: try memory.allocate(byteCount: 100)) {
    case .accepted: Issue.record("a read of a part of a block was accepted")
    case .refused(let refusal, _):
      #expect(refusal == .unaligned(sector: 0, byteCount: 100, blockByteCount: 512))
    }
  }

  /// Reads until the queue takes no more, then shows the device all of them at once.
  private func tryFullQueue<T: Transport & ~Copyable>(
    _ disk: inout BlockDevice<T>, _ waiter: inout QTestWaiter
  ) throws {
    var sectors: [Int: UInt64] = [:]
    var isFull = false
    // One more than fits; sectors that no other test wrote.
    for number in 0...UInt64(disk.capacity) {
      let sector = 200 + number * 7 % 1800
      switch disk.startRead(sector: sector, into: try memory.allocate(byteCount: 512)) {
      case .accepted(let token):
        let known = sectors.updateValue(sector, forKey: token.number)
        #expect(known == nil, bench.note)
      case .refused(let refusal, _):
        #expect(refusal == .queue(.full), bench.note)
        isFull = true
      }
    }
    #expect(isFull && sectors.count == disk.capacity && disk.inFlight == disk.capacity, bench.note)
    let bells = disk.queueState.counters.notifications
    disk.publish()
    #expect(disk.queueState.counters.notifications - bells <= 1, bench.note)
    let deadline = waiter.now + .seconds(10)
    var wrong: [UInt64] = []
    while !sectors.isEmpty, waiter.now < deadline {
      guard let completion = disk.complete() else {
        waiter.wait(until: deadline)
        continue
      }
      let isDone = completion.result == .done && completion.request == .read
      let known = sectors.removeValue(forKey: completion.token.number)
      let sector = try #require(known, bench.note)
      let data = completion.takeBuffer()
      // As data, which even a debug build compares at once.
      if !isDone || Data(data.array(512)) != Data(PatternDisk.sector(sector)) { wrong.append(sector) }
    }
    #expect(wrong == [], bench.note)
    #expect(sectors.isEmpty && disk.inFlight == 0, bench.note)
  }

  /// One request of three segments, out and back in.
  private func trySegments<T: Transport & ~Copyable>(
    _ disk: inout BlockDevice<T>, _ waiter: inout QTestWaiter
  ) throws {
    let text = pattern(sector: 128, count: 4, seed: seed)
    var list = SegmentList(capacity: 3)
    for (start, count) in [(0, 512), (512, 1024), (1536, 512)] {
      var part = try memory.allocate(byteCount: count)
      part.fill(with: text[start..<start + count])
      list.append(part)
    }
    guard case .accepted = disk.startWrite(sector: 128, from: list) else {
      Issue.record("a list of three segments was refused")
      return
    }
    disk.publish()
    let deadline = waiter.now + .seconds(10)
    while disk.inFlight > 0, waiter.now < deadline {
      if let completion = disk.complete() {
        #expect(completion.result == .done, bench.note)
      } else {
        waiter.wait(until: deadline)
      }
    }
    #expect(try image.read(at: 128 * 512, byteCount: 2048) == text, bench.note)
  }
}
