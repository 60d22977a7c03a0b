import Testing

@testable import BareMetal

/// Memory from address 0x1000 on.
private struct Bytes: ByteMemory {
  var contents: [UInt8]
  func byte(at address: UInt64) -> UInt8? {
    address >= 0x1000 && address - 0x1000 < UInt64(contents.count) ? contents[Int(address - 0x1000)] : nil
  }

  mutating func put(_ value: UInt64, at address: UInt64, byteCount: Int) {
    for index in 0..<byteCount {
      contents[Int(address) - 0x1000 + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }
}

struct PVHStartInfoTests {
  /// A start info at 0x1000, a command line at 0x1100, a map of three entries at 0x1200.
  private var memory: Bytes {
    var memory = Bytes(contents: Array(repeating: 0, count: 0x1000))
    memory.put(0x336e_c578, at: 0x1000, byteCount: 4)
    memory.put(1, at: 0x1004, byteCount: 4)
    memory.put(0x1100, at: 0x1018, byteCount: 8)
    memory.put(0xf59e0, at: 0x1020, byteCount: 8)
    memory.put(0x1200, at: 0x1028, byteCount: 8)
    memory.put(3, at: 0x1030, byteCount: 4)
    for (index, byte) in "a=1 b".utf8.enumerated() { memory.contents[0x100 + index] = byte }
    for (index, entry) in [(0, 0x9_fc00, 1), (0xf_0000, 0x1_0000, 2), (0x10_0000, 0xff0_0000, 1)].enumerated() {
      let place = 0x1200 + UInt64(index) * 24
      memory.put(UInt64(entry.0), at: place, byteCount: 8)
      memory.put(UInt64(entry.1), at: place + 8, byteCount: 8)
      memory.put(UInt64(entry.2), at: place + 16, byteCount: 4)
    }
    return memory
  }

  @Test func wellFormed_givesCommandLineAndRAM() throws {
    let info = try #require(PVHStartInfo(at: 0x1000, in: memory))
    #expect(info.commandLine == Array("a=1 b".utf8))
    #expect(info.rootPointer == 0xf59e0)
    #expect(info.ram == [MemoryRange(start: 0, end: 0x9_fc00), MemoryRange(start: 0x10_0000, end: 0x1000_0000)])
  }

  @Test func magicWrongOrOutOfMemory_isNone() {
    #expect(PVHStartInfo(at: 0x1004, in: memory) == nil)
    #expect(PVHStartInfo(at: 0, in: memory) == nil)
    #expect(PVHStartInfo(at: .max - 1, in: memory) == nil)
  }

  @Test func version0_hasNoMap() throws {
    var memory = memory
    memory.put(0, at: 0x1004, byteCount: 4)
    #expect(try #require(PVHStartInfo(at: 0x1000, in: memory)).ram.isEmpty)
  }

  @Test func mapOfFourBillionEntries_endsWithTheMemory() throws {
    var memory = memory
    memory.put(0xffff_ffff, at: 0x1030, byteCount: 4)
    #expect(try #require(PVHStartInfo(at: 0x1000, in: memory)).ram.count == 2)
  }

  @Test func mapEntryBeyondTheAddressSpace_isCutOff() throws {
    var memory = memory
    memory.put(.max - 0xfff, at: 0x1200, byteCount: 8)
    memory.put(.max, at: 0x1208, byteCount: 8)
    let ram = try #require(PVHStartInfo(at: 0x1000, in: memory)).ram
    #expect(ram.first == MemoryRange(start: .max - 0xfff, end: .max))
  }

  @Test func mapAndCommandLine_nowhere_areEmpty() throws {
    var memory = memory
    memory.put(.max - 3, at: 0x1028, byteCount: 8)
    memory.put(.max - 3, at: 0x1018, byteCount: 8)
    let info = try #require(PVHStartInfo(at: 0x1000, in: memory))
    #expect(info.ram.isEmpty)
    #expect(info.commandLine.isEmpty)
  }

  @Test func commandLine_withoutEnd_isCutOff() throws {
    var memory = memory
    memory.contents += Array(repeating: 0x61, count: 10_000)
    memory.put(0x2000, at: 0x1018, byteCount: 8)
    #expect(try #require(PVHStartInfo(at: 0x1000, in: memory)).commandLine.count == 4096)
  }
}
