import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

extension Bench {
  private var memory: QTestMemory { machine.memory }

  /// Every kind of request, checked against the image from outside.
  func tryDisk<T: Transport & ~Copyable>(
    _ transport: consuming T, _ options: BlockOptions, _ ring: RingFeatures, _ image: MemoryFile
  ) throws {
    var waiter = machine.waiter
    var disk = try BlockDevice(transport, options: options, waiter: &waiter)
    try expectAgreement(on: disk.features, wanted: options.features, ring: ring)
    #expect(disk.isLegacy == place.isLegacy)
    #expect(disk.geometry.sectorCount == UInt64(image.byteCount / 512))
    #expect(disk.geometry.blockByteCount == 512 && !disk.geometry.isReadOnly)
    // From here on driver and device run at the same time.
    machine.connection.postsWrites = true

    let last = disk.geometry.sectorCount - 1
    for sector in [0, 3, last] {
      var buffer = try memory.allocate(byteCount: 512)
      try disk.read(sector: sector, into: &buffer, waiter: &waiter)
      #expect(buffer.array(512) == pattern(sector: sector))
    }

    let text = pattern(sector: 64, count: 8, seed: 0xa7)
    var buffer = try memory.allocate(byteCount: 4096)
    buffer.fill(with: text[...])
    try disk.write(sector: 64, from: &buffer, waiter: &waiter)
    try disk.flush(waiter: &waiter)
    #expect(try image.read(at: 64 * 512, byteCount: 4096) == text)
    #expect(try image.read(at: 63 * 512, byteCount: 512) == pattern(sector: 63))
    #expect(try image.read(at: 72 * 512, byteCount: 512) == pattern(sector: 72))
    #expect(try disk.identifier(waiter: &waiter) == Array("vireo-0042".utf8))

    try tryRefusals(&disk)
    for _ in 0..<3 { try tryFullQueue(&disk, &waiter) }
    if disk.maximumSegments >= 3 { try trySegments(&disk, &waiter, image) }

    try expectAgreement(on: disk.queueState)
    #expect(disk.queueState.availableIndex > 3 * UInt16(disk.capacity))
    #expect(disk.status.contains(.driverOK))
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
      case .accepted(let token): #expect(sectors.updateValue(sector, forKey: token.number) == nil)
      case .refused(let refusal, _):
        #expect(refusal == .queue(.full))
        isFull = true
      }
    }
    #expect(isFull && sectors.count == disk.capacity && disk.inFlight == disk.capacity)
    let bells = disk.queueState.counters.notifications
    disk.publish()
    #expect(disk.queueState.counters.notifications - bells <= 1)
    let deadline = waiter.now + .seconds(10)
    while !sectors.isEmpty, waiter.now < deadline {
      guard let completion = disk.complete() else {
        waiter.wait(until: deadline)
        continue
      }
      #expect(completion.result == .done && completion.request == .read)
      let known = sectors.removeValue(forKey: completion.token.number)
      let sector = try #require(known)
      let data = completion.takeBuffer()
      #expect(data.array(512) == pattern(sector: sector))
    }
    #expect(sectors.isEmpty && disk.inFlight == 0)
  }

  /// One request of three segments, out and back in.
  private func trySegments<T: Transport & ~Copyable>(
    _ disk: inout BlockDevice<T>, _ waiter: inout QTestWaiter, _ image: MemoryFile
  ) throws {
    let text = pattern(sector: 128, count: 4, seed: 0x11)
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
        #expect(completion.result == .done)
      } else {
        waiter.wait(until: deadline)
      }
    }
    #expect(try image.read(at: 128 * 512, byteCount: 2048) == text)
  }

  func tryReadOnlyDisk<T: Transport & ~Copyable>(_ transport: consuming T) throws {
    var waiter = machine.waiter
    var disk = try BlockDevice(transport, waiter: &waiter)
    #expect(disk.geometry.isReadOnly)
    #expect(try report().driverFeatures & 1 << 5 != 0)
    var buffer = try memory.allocate(byteCount: 512)
    #expect(throws: BlockError.refused(.readOnly)) {
      try disk.write(sector: 0, from: &buffer, waiter: &waiter)
    }
    try disk.read(sector: 7, into: &buffer, waiter: &waiter)
    #expect(buffer.array(512) == pattern(sector: 7))
    try expectAgreement(on: disk.queueState)
    #expect(disk.status.contains(.driverOK))
  }

  /// Keeps several reads in flight until `count` are done.
  func tryManyReads<T: Transport & ~Copyable>(_ transport: consuming T, count: Int) throws {
    var waiter = machine.waiter
    var disk = try BlockDevice(transport, waiter: &waiter)
    machine.connection.postsWrites = true
    var (started, done, wrong) = (0, 0, 0)
    var sectors = [UInt64](repeating: 0, count: disk.capacity)
    let expected = (0..<disk.geometry.sectorCount).map { pattern(sector: $0)[0..<4] }
    var deadline = waiter.now + .seconds(10)
    func start(_ buffer: consuming DMABuffer) throws {
      let sector = UInt64(started) % disk.geometry.sectorCount
      guard case .accepted(let token) = disk.startRead(sector: sector, into: buffer) else {
        throw QTestError.malformed(what: "submission", found: "refused after \(started)")
      }
      sectors[token.number] = sector
      started += 1
    }
    for _ in 0..<32 { try start(try memory.allocate(byteCount: 512)) }
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
      if buffer.array(4)[...] != expected[Int(sector)] { wrong += 1 }
      if started < count { try start(buffer) }
    }
    #expect(done == count && wrong == 0)
    try expectAgreement(on: disk.queueState)
    #expect(Int(disk.queueState.usedIndex) == count % 65_536)
    #expect(disk.status.contains(.driverOK))
  }
}
