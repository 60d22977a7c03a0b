import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOTestSupport

/// What a disk says about itself, and what of it is believed.
struct BlockGeometryTests {
  // SPEC: sec:... / Block Device / Device configuration layout / Legacy Interface: Device configuration layout 1
  @Test(arguments: [false, true])
  func bringUp_usualDisk_isRead(isLegacy: Bool) throws {
    let disk = Disk(sectors: 777, isLegacy: isLegacy)
    let block = try disk.bringUp()
    #expect(block.geometry.sectorCount == 777)
    #expect(block.geometry.byteCount == 777 * 512)
    #expect(block.geometry.blockByteCount == 512)
    #expect(block.geometry.isReadOnly == false)
    #expect(block.geometry.segmentCountLimit == 126)
    #expect(block.geometry.segmentSizeLimit == nil)
    #expect(block.isLegacy == isLegacy)
    #expect(disk.device.violations == [])
  }

  @Test(arguments: [0, 1, 511, 513, 1000, 0x10_0001, 0x20_0000, .max] as [UInt32])
  func bringUp_impossibleBlockSize_isRefused(size: UInt32) {
    let disk = Disk()
    disk.configure(at: 20, UInt64(size), byteCount: 4)
    #expect(disk.bringUpError() == .configuration(.invalid(field: ConfigurationField("blk_size"), value: UInt64(size))))
    #expect(disk.device.status.contains(.failed))
    #expect(disk.memory.buffersInUse == 0)
  }

  @Test(arguments: [1 << 55, 1 << 63, .max] as [UInt64])
  func bringUp_capacityBeyondCounting_isRefused(capacity: UInt64) {
    let disk = Disk()
    disk.configure(at: 0, capacity, byteCount: 8)
    #expect(disk.bringUpError() == .configuration(.invalid(field: ConfigurationField("capacity"), value: capacity)))
  }

  @Test func bringUp_largestCapacity_isTaken() throws {
    let disk = Disk()
    disk.configure(at: 0, (1 << 55) - 1, byteCount: 8)
    let block = try disk.bringUp()
    #expect(block.geometry.byteCount == UInt64.max - 511)
  }

  @Test func bringUp_noSegments_isRefused() {
    let disk = Disk()
    disk.configure(at: 12, 0, byteCount: 4)
    #expect(disk.bringUpError() == .configuration(.invalid(field: ConfigurationField("seg_max"), value: 0)))
  }

  @Test func bringUp_segmentSizeZero_isNoLimit() throws {
    let disk = Disk(features: FeatureSet(bit: 1))
    #expect(try disk.bringUp().geometry.segmentSizeLimit == nil)
  }

  @Test(arguments: [(1, 1), (3, 3), (126, 14), (UInt32.max, 14)] as [(UInt32, Int)])
  func maximumSegments_ofTheDevice_isALimit(limit: UInt32, expected: Int) throws {
    let disk = Disk()
    disk.configure(at: 12, UInt64(limit), byteCount: 4)
    let block = try disk.bringUp()
    #expect(block.maximumSegments == expected)
  }

  // SPEC: drivernormative:... / The Virtqueue Descriptor Table / Indirect Descriptors 3
  @Test(arguments: [(4, 2), (8, 6), (16, 14), (128, 14)] as [(UInt32, Int)])
  func maximumSegments_ofASmallQueue_fitTheQueue(queueSize: UInt32, expected: Int) throws {
    let disk = Disk(queueSize: queueSize)
    let block = try disk.bringUp()
    #expect(block.maximumSegments == expected)
    #expect(block.capacity == Int(queueSize))
  }

  // SPEC: drivernormative:... / The Virtqueue Descriptor Table / Indirect Descriptors 3
  @Test(arguments: [1, 2] as [UInt32], [FeatureSet(), .indirectDescriptors])
  func bringUp_queueTooSmallForOneRequest_isRefused(size: UInt32, features: FeatureSet) {
    let disk = Disk(features: features, queueSize: size)
    #expect(disk.bringUpError() == .queueTooSmall(index: 0, size: size, needed: 3))
    #expect(disk.device.status.contains(.failed))
  }

  @Test func bringUp_withoutFeatures_readsTheCapacityOnly() throws {
    let disk = Disk()
    disk.configure(at: 20, 3, byteCount: 4)
    var options = BlockOptions()
    options.features = []
    let block = try disk.bringUp(options)
    #expect(block.geometry.blockByteCount == 512)
    #expect(block.features == .version1)
    #expect(block.maximumSegments == 1)
  }
}
