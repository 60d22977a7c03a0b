import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOMMIO
import VirtIOTestSupport

/// Memory, observation and time of the test support.
struct TestSupportTests {
  @Test func heap_addresses_areOfTheirOwnAndNeverReused() throws {
    let heap = DeviceHeap(deviceBase: 0x10_0000)
    let memory = TestMemory(heap: heap)
    var seen: Set<UInt64> = []
    for _ in 0..<50 {
      let buffer = try memory.allocate(byteCount: 100, alignment: 4096, direction: .bidirectional)
      #expect(buffer.deviceAddress.rawValue % 4096 == 0)
      #expect(unsafe buffer.unsafeAddress % 4096 == 0)
      #expect(unsafe UInt64(buffer.unsafeAddress) != buffer.deviceAddress.rawValue)
      #expect(buffer.array(100) == Array(repeating: 0, count: 100))
      #expect(seen.insert(buffer.deviceAddress.rawValue).inserted)
      #expect(heap.reservationCount == 1)
      #expect(heap.sharedCount == 1)
    }
    #expect(heap.reservationCount == 0)
    #expect(heap.reservedBytes == 0)
    #expect(heap.sharedCount == 0)
    #expect(heap.violations == [])
  }

  @Test func heap_failuresOnRequest_areTypedErrorsAndLeakNothing() {
    let heap = DeviceHeap()
    let memory = TestMemory(heap: heap)
    heap.failReservations(1)
    #expect(throws: DMAError.outOfMemory(byteCount: 8, alignment: 64)) { _ = try memory.allocate(byteCount: 8) }
    heap.failShares(1)
    #expect(throws: DMAError.notShareable(byteCount: 8)) { _ = try memory.allocate(byteCount: 8) }
    heap.capacity = 100
    #expect(throws: DMAError.outOfMemory(byteCount: 101, alignment: 64)) { _ = try memory.allocate(byteCount: 101) }
    #expect(throws: Never.self) { _ = try memory.allocate(byteCount: 100) }
    #expect(heap.reservationCount == 0)
  }

  /// 64 bytes that a device can reach.
  private func share(from provider: HeapProvider) throws -> (address: UInt, place: DeviceAddress) {
    let reserved = provider.reserve(byteCount: 64, alignment: 64)
    let address = try #require(reserved)
    let shared = provider.share(address: address, byteCount: 64, direction: .bidirectional)
    return (address, try #require(shared))
  }

  @Test func heap_misuse_isRecorded() throws {
    let heap = DeviceHeap()
    let provider = HeapProvider(heap: heap)
    let (address, place) = try share(from: provider)
    unsafe provider.release(address: address, byteCount: 63)
    #expect(provider.share(address: address + 1, byteCount: 64, direction: .bidirectional) == nil)
    unsafe provider.unshare(address: address, deviceAddress: place.advanced(by: 1), byteCount: 64)
    unsafe provider.release(address: address, byteCount: 64)
    #expect(heap.violations.count == 4)
    #expect(heap.reservationCount == 0)
  }

  /// The end of a run in which memory was lost: a device finds nothing, and nothing is freed twice.
  @Test func heap_thatIsDiscarded_isEmptyForEverybody() throws {
    let heap = DeviceHeap()
    let provider = HeapProvider(heap: heap)
    let (address, place) = try share(from: provider)
    #expect(throws: Never.self) { try heap.read(place.rawValue, byteCount: 64) }
    heap.discardAll()
    #expect(heap.reservationCount == 0 && heap.reservedBytes == 0 && heap.sharedCount == 0)
    #expect(throws: DeviceHeap.Fault.self) { try heap.read(place.rawValue, byteCount: 64) }
    #expect(heap.violations == [])
    unsafe provider.release(address: address, byteCount: 64)
    #expect(heap.violations.count == 1)
  }

  @Test func observer_deviceThatActsAtEveryAccess_isSeenByTheDriver() throws {
    let heap = DeviceHeap()
    let observer = AccessObserver()
    let memory = ObservedMemory(heap: heap, observer: observer)
    let model = BlockModel(sectors: 16)
    model.fillWithPattern()
    let device = model.makeDevice(heap: heap)
    let transport = try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory)
    var waiter = TestWaiter()
    var block = try BlockDevice(transport, waiter: &waiter)
    // Not woken by the doorbell, but by every access to shared memory.
    device.hostility.ignoresNotifications = true
    var fences = 0
    observer.hook = { access, moment in
      if access == .fence && moment == .before { fences += 1 }
      device.poll()
    }
    var buffer = try memory.allocate(byteCount: 512)
    for sector in 0..<16 as Range<UInt64> {
      try block.read(sector: sector, into: &buffer, waiter: &waiter)
      #expect(buffer.array(512) == BlockModel.pattern(sector))
    }
    #expect(waiter.count == 0)
    #expect(observer.count > 16 * 10)
    #expect(fences >= 16)
    #expect(device.violations == [])
    observer.hook = nil
  }

  @Test func waiter_passesTimeUpToTheDeadline() {
    var acted = 0
    var waiter = TestWaiter(step: .milliseconds(3)) { acted += 1 }
    let start = waiter.now
    let deadline = start + .milliseconds(7)
    for _ in 0..<5 { waiter.wait(until: deadline) }
    #expect(waiter.now == deadline)
    #expect(waiter.count == 5)
    #expect(acted == 5)
  }

  @Test func waiter_hangingDriver_isStopped() async {
    await #expect(processExitsWith: .failure) {
      var waiter = TestWaiter(limit: 10)
      while true { waiter.wait(until: waiter.now) }
    }
  }

  @Test func device_withoutWishForNotifications_getsNone() throws {
    for features in [FeatureSet(), .eventIndex] {
      let heap = DeviceHeap()
      let memory = TestMemory(heap: heap)
      let model = BlockModel(sectors: 16)
      let device = model.makeDevice(features: features, heap: heap)
      let transport = try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory)
      var waiter = TestWaiter { device.poll() }
      var block = try BlockDevice(transport, waiter: &waiter)
      device.setWantsNotifications(false)
      var buffer = try memory.allocate(byteCount: 512)
      for _ in 0..<10 { try block.read(sector: 1, into: &buffer, waiter: &waiter) }
      #expect(device.notifications == [])
      device.setWantsNotifications(true)
      try block.read(sector: 1, into: &buffer, waiter: &waiter)
      #expect(device.notifications == [0])
      #expect(device.violations == [])
    }
  }
}
