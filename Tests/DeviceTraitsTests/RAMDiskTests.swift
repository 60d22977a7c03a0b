import DevicePlatform
import DeviceTraits
import Testing
import VirtIOTestSupport

@Suite struct RAMDiskTests {
  let memory = TestMemory(heap: DeviceHeap())

  private func buffer(_ byteCount: Int, filledWith byte: UInt8 = 0) throws -> DMABuffer {
    var buffer = try memory.allocate(byteCount: byteCount)
    for index in 0..<byteCount { buffer[index] = byte &+ UInt8(truncatingIfNeeded: index / 512) }
    return buffer
  }

  @Test func blocksWritten_readTheSame() throws {
    let disk: any StorageDevice = RAMDisk(blockCount: 8, blockByteCount: 1024)
    #expect(disk.blockCount == 8)
    #expect(disk.blockByteCount == 1024)
    var written = try buffer(2048, filledWith: 7)
    try disk.write(block: 3, from: &written)
    try disk.flush()
    var read = try buffer(4096)
    try disk.read(block: 2, into: &read)
    #expect(
      read.array(4096) == Array(repeating: 0, count: 1024) + written.array(2048) + Array(repeating: 0, count: 1024))
  }

  @Test func blocksBeyondTheEnd_areRefused() throws {
    let disk = RAMDisk(blockCount: 4)
    var two = try buffer(1024)
    #expect(throws: StorageError.outOfRange(block: 3, count: 2, limit: 4)) { try disk.read(block: 3, into: &two) }
    #expect(throws: StorageError.outOfRange(block: .max, count: 2, limit: 4)) {
      try disk.write(block: .max, from: &two)
    }
    try disk.read(block: 2, into: &two)
  }

  @Test func partsOfBlocks_areRefused() throws {
    let disk = RAMDisk(blockCount: 4)
    var part = try buffer(513)
    #expect(throws: StorageError.notWholeBlocks(byteCount: 513, blockByteCount: 512)) {
      try disk.read(block: 0, into: &part)
    }
    var none = DMABuffer()
    #expect(throws: StorageError.notWholeBlocks(byteCount: 0, blockByteCount: 512)) {
      try disk.write(block: 0, from: &none)
    }
  }

  @Test func image_isReadAndNotWritten() throws {
    let disk = RAMDisk(image: Array(repeating: 9, count: 700))
    #expect(disk.blockCount == 2)
    var read = try buffer(1024)
    try disk.read(block: 0, into: &read)
    #expect(read.array(1024) == Array(repeating: 9, count: 700) + Array(repeating: 0, count: 324))
    #expect(throws: StorageError.readOnly) { try disk.write(block: 0, from: &read) }
  }
}
