import DevicePlatform
import Testing

@testable import BareMetal

struct PageAllocatorTests {
  /// An allocator over ordinary memory of this process, which stays allocated.
  private func allocator(pageCount: Int) -> PageAllocator {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: pageCount * 4096, alignment: 4096)
    let range = MemoryRange(start: UInt(bitPattern: memory), byteCount: UInt(pageCount * 4096))
    return unsafe PageAllocator(unsafeRAM: [range], excluding: [])
  }

  @Test func pool_allocatesAndDropsBuffers_allPagesComeBack() throws {
    let pages = allocator(pageCount: 16)
    let pool = DMAPool(provider: pages)
    do {
      let buffer = try pool.allocate(byteCount: 5_000, alignment: 4_096, direction: .deviceWritable)
      #expect(pages.freeBytes == 14 * 4096)
      #expect(unsafe buffer.deviceAddress.rawValue == UInt64(buffer.unsafeAddress))
    }
    #expect(pages.freeBytes == 16 * 4096)
    #expect(pages.freeRangeCount == 1)
  }

  @Test func pool_exhausted_saysSo() {
    let pool = DMAPool(provider: allocator(pageCount: 4))
    #expect(throws: DMAError.outOfMemory(byteCount: 5 * 4096, alignment: 64)) {
      _ = try pool.allocate(byteCount: 5 * 4096)
    }
  }

  @Test func reserve_senselessParameters_areRefused() {
    let pages = allocator(pageCount: 4)
    #expect(pages.reserve(byteCount: -1, alignment: 4096) == nil)
    #expect(pages.reserve(byteCount: 1, alignment: 0) == nil)
    #expect(pages.reserve(byteCount: 1, alignment: 3) == nil)
    #expect(pages.freeBytes == 4 * 4096)
  }

  @Test func release_ofWhatWasNotReserved_stops() async {
    await #expect(processExitsWith: .failure) {
      let pages = unsafe PageAllocator(unsafeRAM: [MemoryRange(start: 0x10_0000, end: 0x20_0000)], excluding: [])
      unsafe pages.release(address: 0x10_0000, byteCount: 4096)
    }
  }
}
