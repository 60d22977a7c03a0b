import DevicePlatform
import FirmwareConfiguration
import Testing
import VirtIOTestSupport

/// Items by data register and by DMA, read and written.
struct FirmwareReadingTests {
  @Test(arguments: [false, true], [0, 1, 64, 1000])
  func contents_byEitherMethod_areTheFiles(isPortMapped: Bool, byteCount: Int) throws {
    let bench = Bench(isPortMapped: isPortMapped)
    let text = bytes(byteCount)
    bench.device.addFile("opt/file", number: 0x21, text)
    do {
      var firmware = try bench.open()
      let file = try #require(try firmware.file(named: "opt/file"))
      #expect(try firmware.contents(of: file, limit: byteCount) == text)
      let reads = bench.device.dataReads
      var waiter = TestWaiter(limit: 0)
      #expect(try firmware.contents(of: file, limit: byteCount, waiter: &waiter) == text)
      #expect(bench.device.dataReads == reads)
      // Select and read, in one operation.
      #expect(bench.device.operations == (byteCount == 0 ? [] : [0x0021_000a]))
    }
    #expect(bench.isClean)
  }

  @Test func contents_deviceWithoutDMA_comeThroughTheDataRegister() throws {
    let bench = Bench()
    bench.device.setItem(1, [1, 0, 0, 0])
    bench.device.addFile("f", number: 0x20, bytes(20))
    var firmware = try bench.open(byteCount: 10)
    let file = try #require(try firmware.file(named: "f"))
    var waiter = TestWaiter(limit: 0)
    #expect(try firmware.contents(of: file, limit: 20, waiter: &waiter) == bytes(20))
    var buffer = try bench.memory.allocate(byteCount: 4)
    let error = failure { () throws(FirmwareError) in
      try firmware.read(file.item, into: &buffer, waiter: &waiter)
    }
    #expect(error == .noDMA)
  }

  @Test(arguments: [false, true]) func read_partOfAnItem_byEitherMethod(isPortMapped: Bool) throws {
    let bench = Bench(isPortMapped: isPortMapped)
    bench.device.addFile("f", number: 0x20, bytes(100))
    var firmware = try bench.open()
    var part = [UInt8](repeating: 0xee, count: 10)
    var span = part.mutableSpan
    try firmware.read(FirmwareItem(rawValue: 0x20), from: 95, into: &span)
    #expect(part == bytes(100)[95...] + [0, 0, 0, 0, 0])
    var buffer = try bench.memory.allocate(byteCount: 10)
    for index in 0..<10 { buffer[index] = 0xee }
    var waiter = TestWaiter(limit: 0)
    try firmware.read(FirmwareItem(rawValue: 0x20), from: 95, into: &buffer, waiter: &waiter)
    #expect(buffer.array(10) == part)
    // Select and skip, then read.
    #expect(bench.device.operations == [0x0020_000c, 0x0000_0002])
    #expect(bench.device.violations == [])
  }

  @Test(arguments: [false, true], [0, 3]) func write_writableItem_isThere(isPortMapped: Bool, offset: UInt32) throws {
    let bench = Bench(isPortMapped: isPortMapped)
    bench.device.addFile("etc/w", number: 0x20, bytes(8), isWritable: true)
    do {
      var firmware = try bench.open()
      var buffer = try bench.memory.allocate(byteCount: 5, alignment: 8, direction: .deviceReadable)
      for index in 0..<5 { buffer[index] = 0xa0 + UInt8(index) }
      var waiter = TestWaiter(limit: 0)
      try firmware.write(FirmwareItem(rawValue: 0x20), at: offset, from: &buffer, waiter: &waiter)
      var expected = bytes(8)
      expected.replaceSubrange(Int(offset)..<Int(offset) + 5, with: [0xa0, 0xa1, 0xa2, 0xa3, 0xa4])
      #expect(bench.device.item(0x20) == expected)
      #expect(bench.device.operations == (offset == 0 ? [0x0020_0018] : [0x0020_000c, 0x0000_0010]))
    }
    #expect(bench.isClean)
  }

  @Test func write_itemThatIsReadOnly_isRefusedByTheDevice() throws {
    let bench = Bench()
    bench.device.addFile("f", number: 0x20, bytes(8))
    do {
      var firmware = try bench.open()
      var buffer = try bench.memory.allocate(byteCount: 4)
      var waiter = TestWaiter(limit: 0)
      let error = failure { () throws(FirmwareError) in
        try firmware.write(FirmwareItem(rawValue: 0x20), from: &buffer, waiter: &waiter)
      }
      #expect(error == .transferRefused(item: 0x20, control: 1))
      #expect(buffer.count == 4)
      #expect(bench.device.item(0x20) == bytes(8))
      // The device goes on: a refusal is no failure.
      try firmware.read(FirmwareItem(rawValue: 0x20), into: &buffer, waiter: &waiter)
      #expect(buffer.array(4) == Array(bytes(8)[..<4]))
    }
    #expect(bench.isClean)
  }

  @Test func read_deviceThatTakesItsTime_waits() throws {
    let bench = Bench()
    bench.device.addFile("f", number: 0x20, bytes(8))
    bench.device.setTransfers(.later)
    do {
      var firmware = try bench.open()
      var buffer = try bench.memory.allocate(byteCount: 8)
      var waits = 0
      var waiter = TestWaiter(limit: 10) {
        waits += 1
        if waits == 3 { bench.device.finishTransfer() }
      }
      try firmware.read(FirmwareItem(rawValue: 0x20), into: &buffer, waiter: &waiter)
      #expect(buffer.array(8) == bytes(8))
      #expect(waits == 3)
    }
    #expect(bench.isClean)
  }

  @Test func read_deviceThatNeverAnswers_losesTheBufferAndEndsItsUse() throws {
    let bench = Bench()
    bench.device.addFile("f", number: 0x20, bytes(8))
    bench.device.setTransfers(.later)
    do {
      var firmware = try bench.open()
      var buffer = try bench.memory.allocate(byteCount: 8)
      var waiter = TestWaiter(limit: 200)
      let error = failure { () throws(FirmwareError) in
        try firmware.read(
          FirmwareItem(rawValue: 0x20), into: &buffer, waiter: &waiter, timeout: .milliseconds(100))
      }
      #expect(error == .timedOut(item: 0x20))
      #expect(waiter.count == 100)
      #expect(buffer.count == 0)
      #expect(bench.memory.buffersLost == 2)
      let next = failure { () throws(FirmwareError) in _ = try firmware.directory() }
      #expect(next == .abandoned)
    }
    // It answers after all: the memory is still there for it.
    bench.device.finishTransfer()
    #expect(bench.device.violations == [] && bench.heap.violations == [])
    #expect(bench.memory.buffersInUse == 2)
  }

  @Test func read_noMemoryForTheTransfer_isAnError() throws {
    let bench = Bench()
    bench.device.addFile("f", number: 0x20, bytes(8))
    var firmware = try bench.open()
    let file = try #require(try firmware.file(named: "f"))
    bench.heap.failReservations(1)
    var waiter = TestWaiter(limit: 0)
    let error = failure { () throws(FirmwareError) in
      _ = try firmware.contents(of: file, limit: 8, waiter: &waiter)
    }
    #expect(error == .memory(.outOfMemory(byteCount: 8, alignment: 64)))
    #expect(try firmware.contents(of: file, limit: 8, waiter: &waiter) == bytes(8))
  }
}
