import DevicePlatform
import QTest
import Testing

extension EmulatedMachines {
  /// DMA memory out of an emulated machine's RAM.
  @Suite struct QTestMemoryTests {
    @Test(arguments: [MachineKind.microvm, .riscv64Virt])
    func buffer_isWhereTheDeviceSeesIt(_ kind: MachineKind) throws {
      let machine = try QTestMachine(.init(kind))
      var buffer = try machine.memory.allocate(byteCount: 5000, alignment: 1 << 16, direction: .bidirectional)
      #expect(buffer.deviceAddress.rawValue >= kind.memoryBase + 0x20_0000)
      #expect(buffer.deviceAddress.rawValue % (1 << 16) == 0)
      let window = machine.registers(at: buffer.deviceAddress.rawValue, byteCount: 5000)
      #expect(window.load32(at: 4996) == 0)
      window.store32(0x0403_0201, at: 4996)
      #expect(buffer.bytes.unsafeLoad32(at: 4996) == 0x0403_0201)
      var bytes = buffer.mutableBytes
      bytes.storeBytes(of: 0x99, toByteOffset: 0, as: UInt8.self)
      #expect(window.load8(at: 0) == 0x99)
    }

    @Test func pool_allBuffersDropped_hasEverythingBack() throws {
      let machine = try QTestMachine(.init(.microvm))
      let free = machine.memory.provider.freeByteCount
      #expect(free == 60 << 20)
      do {
        let one = try machine.memory.allocate(byteCount: 1)
        let other = try machine.memory.allocate(byteCount: 10_000)
        #expect(one.count + other.count == 10_001)
        #expect(machine.memory.provider.freeByteCount == free - 4 * 4096)
      }
      #expect(machine.memory.provider.freeByteCount == free)
      #expect(machine.memory.bytesInUse == 0)
      #expect(throws: DMAError.outOfMemory(byteCount: 64 << 20, alignment: 64)) {
        let buffer = try machine.memory.allocate(byteCount: 64 << 20)
        _ = buffer.count
      }
    }

    @Test func buffer_outlivesItsMachine() throws {
      var machine: QTestMachine? = try QTestMachine(.init(.microvm))
      var buffer = try #require(machine).memory.allocate(byteCount: 64)
      machine = nil
      var bytes = buffer.mutableBytes
      bytes.storeBytes(of: 0x77, toByteOffset: 63, as: UInt8.self)
      #expect(buffer.bytes.unsafeLoad8(at: 63) == 0x77)
    }
  }
}

extension RawSpan {
  /// Reads one byte within bounds.
  func unsafeLoad8(at offset: Int) -> UInt8 {
    // Any byte is a `UInt8`; the span checks the bounds.
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// Reads four bytes within bounds.
  func unsafeLoad32(at offset: Int) -> UInt32 {
    // Any four bytes are a `UInt32`; the span checks the bounds.
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }
}
