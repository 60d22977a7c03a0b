import DevicePlatform
import Testing
import VirtIOTestSupport

/// One buffer's contents and limits.
struct DMABufferTests {
  private let heap = DeviceHeap()

  @Test func subscript_everyByte_readsWhatWasWritten() throws {
    var buffer = try TestMemory(heap: heap).allocate(byteCount: 300)
    for index in 0..<300 { buffer[index] = UInt8(truncatingIfNeeded: 7 * index) }
    for index in 0..<300 { #expect(buffer[index] == UInt8(truncatingIfNeeded: 7 * index)) }
    #expect(buffer.array(3) == [0, 7, 14])
    #expect(buffer.array(0) == [])
  }

  @Test func copyBytes_eitherWay_copiesWhatBothHave() throws {
    var buffer = try TestMemory(heap: heap).allocate(byteCount: 4)
    let source: [UInt8] = [1, 2, 3, 4, 5, 6]
    // Bytes have no padding.
    let copied = unsafe buffer.copyBytes(from: source.span.bytes)
    #expect(copied == 4)
    #expect(buffer.array(4) == [1, 2, 3, 4])
    let short: [UInt8] = [9, 8]
    let copiedShort = unsafe buffer.copyBytes(from: short.span.bytes)
    #expect(copiedShort == 2)
    #expect(buffer.array(4) == [9, 8, 3, 4])

    var target: [UInt8] = [0, 0, 0, 0, 0, 0]
    var span = target.mutableSpan
    var bytes = unsafe span.mutableBytes
    let back = buffer.copyBytes(to: &bytes)
    #expect(back == 4)
    #expect(target == [9, 8, 3, 4, 0, 0])
  }

  @Test func emptyBuffer_isHarmless() {
    var buffer = DMABuffer()
    let isEmpty = buffer.isEmpty
    #expect(isEmpty)
    #expect(buffer.count == 0)
    #expect(buffer.array(0) == [])
    let source: [UInt8] = [1]
    let copied = unsafe buffer.copyBytes(from: source.span.bytes)
    #expect(copied == 0)
    buffer.lose()
  }

  @Test func lastOffset_ofEmptyOrForeignBuffer_isAboveEveryLimit() throws {
    let (one, other) = (TestMemory(heap: heap), TestMemory(heap: DeviceHeap()))
    let buffer = try one.allocate(byteCount: 512)
    let foreign = try other.allocate(byteCount: 1)
    let own = DMADomainKey(domain: buffer.domain)
    #expect(buffer.lastOffset(inDomain: own) == 511)
    #expect(buffer.lastOffset(inDomain: DMADomainKey(domain: foreign.domain)) >= UInt64(UInt32.max))
    #expect(foreign.lastOffset(inDomain: own) >= UInt64(UInt32.max))
    for domain: UInt32 in [0, 1, 2, 0x7fff_ffff, buffer.domain] {
      #expect(DMABuffer().lastOffset(inDomain: DMADomainKey(domain: domain)) >= UInt64(UInt32.max))
    }
  }

  @Test func subscript_outOfRange_ends() async {
    await #expect(processExitsWith: .failure) {
      let buffer = try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8)
      _ = buffer[8]
    }
    await #expect(processExitsWith: .failure) {
      let buffer = try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8)
      _ = buffer[-1]
    }
    await #expect(processExitsWith: .failure) {
      var buffer = try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8)
      buffer[8] = 1
    }
    await #expect(processExitsWith: .failure) {
      let buffer = DMABuffer()
      _ = buffer[0]
    }
    await #expect(processExitsWith: .failure) {
      let buffer = try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8)
      _ = buffer.array(9)
    }
    // The control: the same steps within the limits.
    await #expect(processExitsWith: .success) {
      var buffer = try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8)
      buffer[7] = 1
      _ = buffer[7]
      _ = buffer.array(8)
    }
  }
}
