import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOTestSupport

/// Requests that never reach the device.
struct BlockRefusalTests {
  // SPEC: drivernormative:Device Types / Block Device / Device Operation 1
  @Test(
    arguments: [
      (64, 1), (63, 2), (0, 65), (65, 1), (.max, 1), (.max - 1, 2), (1 << 55, 1), (UInt64.max / 512, 8),
    ] as [(UInt64, Int)])
  func request_beyondTheEnd_isRefusedWithTheBuffer(sector: UInt64, count: Int) throws {
    let disk = Disk(sectors: 64)
    var block = try disk.bringUp()
    let expected = BlockRefusal.beyondCapacity(sector: sector, sectorCount: UInt64(count), capacity: 64)
    let byteCount = count * 512
    let one = try disk.memory.allocate(byteCount: byteCount)
    #expect(refusal(block.startRead(sector: sector, into: one), byteCount: byteCount) == expected)
    let two = try disk.memory.allocate(byteCount: byteCount)
    #expect(refusal(block.startWrite(sector: sector, from: two), byteCount: byteCount) == expected)
    let list = try disk.segments([byteCount])
    #expect(refusal(block.startRead(sector: sector, into: list), byteCount: byteCount) == expected)
    let other = try disk.segments([byteCount])
    #expect(refusal(block.startWrite(sector: sector, from: other), byteCount: byteCount) == expected)
    block.publish()
    #expect(disk.model.requestTypes.isEmpty)
  }

  @Test func request_upToTheEnd_isTaken() throws {
    let disk = Disk(sectors: 64)
    var block = try disk.bringUp()
    let all = try disk.memory.allocate(byteCount: 64 * 512)
    #expect(refusal(block.startRead(sector: 0, into: all), byteCount: 0) == nil)
    let last = try disk.memory.allocate(byteCount: 512)
    #expect(refusal(block.startRead(sector: 63, into: last), byteCount: 0) == nil)
    block.publish()
    #expect(disk.device.violations == [])
  }

  @Test func write_toReadOnlyDisk_isRefusedAndReadingGoesOn() throws {
    let disk = Disk(isReadOnly: true)
    var block = try disk.bringUp()
    var waiter = TestWaiter()
    #expect(block.geometry.isReadOnly)
    var buffer = try disk.memory.allocate(byteCount: 512)
    let error = failure { () throws(BlockError) in try block.write(sector: 1, from: &buffer, waiter: &waiter) }
    #expect(error == .refused(.readOnly))
    #expect(buffer.count == 512)
    let list = try disk.segments([512])
    #expect(refusal(block.startWrite(sector: 1, from: list), byteCount: 512) == .readOnly)
    try block.read(sector: 1, into: &buffer, waiter: &waiter)
    #expect(buffer.array(512) == BlockModel.pattern(1))
    #expect(disk.model.requestTypes == [0])
  }

  // SPEC: drivernormative:Device Types / Block Device / Device Operation 3
  @Test(arguments: [1, 511, 513, 1023])
  func request_notInSectors_isRefused(byteCount: Int) throws {
    let disk = Disk()
    var block = try disk.bringUp()
    let buffer = try disk.memory.allocate(byteCount: byteCount)
    let reason = refusal(block.startRead(sector: 0, into: buffer), byteCount: byteCount)
    #expect(reason == .unaligned(sector: 0, byteCount: byteCount, blockByteCount: 512))
  }

  @Test func request_onADiskOfLargeBlocks_isInWholeBlocks() throws {
    let disk = Disk(sectors: 64)
    disk.configure(at: 20, 4096, byteCount: 4)
    var block = try disk.bringUp()
    var waiter = TestWaiter()
    #expect(block.geometry.blockByteCount == 4096)
    for (sector, byteCount) in [(0, 512), (1, 4096), (7, 4096), (8, 2048)] as [(UInt64, Int)] {
      let buffer = try disk.memory.allocate(byteCount: byteCount)
      let reason = refusal(block.startRead(sector: sector, into: buffer), byteCount: byteCount)
      #expect(reason == .unaligned(sector: sector, byteCount: byteCount, blockByteCount: 4096))
    }
    var buffer = try disk.memory.allocate(byteCount: 4096)
    try block.read(sector: 8, into: &buffer, waiter: &waiter)
    #expect(buffer.array(4096) == (8..<16).flatMap { BlockModel.pattern($0) })
    #expect(disk.device.violations == [])
  }

  @Test func request_emptyBuffer_isRefused() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    let reason = refusal(block.startRead(sector: 0, into: DMABuffer()), byteCount: 0)
    #expect(reason == .queue(.emptyBuffer))
  }

  // SPEC: drivernormative:Device Types / Block Device / Device Operation 5
  @Test func identifier_wrongSize_isRefused() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    let buffer = try disk.memory.allocate(byteCount: 21)
    #expect(refusal(block.startIdentifier(into: buffer), byteCount: 21) == .wrongSize(byteCount: 21, expected: 20))
  }

  @Test func request_aboveTheDevicesSegmentLimits_isRefused() throws {
    let disk = Disk(features: [.indirectDescriptors, FeatureSet(bit: 1)])
    disk.configure(at: 8, 1024, byteCount: 4)
    disk.configure(at: 12, 2, byteCount: 4)
    var block = try disk.bringUp()
    #expect(block.geometry.segmentSizeLimit == 1024)
    let long = try disk.memory.allocate(byteCount: 1536)
    let reason = refusal(block.startRead(sector: 0, into: long), byteCount: 1536)
    #expect(reason == .queue(.segmentTooLong(byteCount: 1536, limit: 1024)))
    let many = try disk.segments([512, 512, 512])
    let other = refusal(block.startRead(sector: 0, into: many), byteCount: 1536)
    #expect(other == .queue(.tooManySegments(count: 3, limit: 2)))
    let fitting = try disk.segments([1024, 512])
    #expect(refusal(block.startRead(sector: 0, into: fitting), byteCount: 0) == nil)
    block.publish()
    #expect(disk.device.violations == [])
  }
}
