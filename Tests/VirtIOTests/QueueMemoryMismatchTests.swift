import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO

@testable import VirtIOTestSupport

/// Memory for a queue that the caller brings along, and that is not what the device's queue needs.
struct QueueMemoryMismatchTests {
  private let heap = DeviceHeap()

  /// The error of a set-up with memory for one layout of a device that needs another.
  private func error(
    isLegacy: Bool = false, size: Int = 8, options: QueueOptions = blockLike(), areaAlignment: Int? = nil,
    alignment: Int? = nil, header: Int = 16
  ) throws -> (BringupError?, ScriptedDevice) {
    let device = ScriptedDevice(type: .console, queueSizes: [8], heap: heap, isLegacy: isLegacy)
    let pool = TestMemory(heap: heap)
    var transport = try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: pool)
    let needed = isLegacy ? 4096 : 64
    let ring = SplitLayout(size: size, deviceAreaAlignment: areaAlignment ?? needed)
    let slot = SlotLayout(headerByteCount: header, statusByteCount: 1, maximumSegments: 1, isIndirect: false)
    let start = alignment ?? needed
    // So that the ring is aligned to just that, and no better.
    let room = try pool.allocate(byteCount: 16, alignment: 8192, direction: .bidirectional)
    let memory = try QueueMemory(ringLayout: ring, slotLayout: slot, ringAlignment: start, from: pool)
    _ = consume room
    var waiter = TestWaiter()
    var supplied = Optional(memory)
    let error = failure { () throws(BringupError) in
      _ = try transport.bringUp(
        as: .console, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(1)
      ) { transport, features throws(BringupError) in
        guard let memory = supplied.take() else { throw .queueMissing(index: 0) }
        return try transport.makeQueue(0, options, features: features, memory: memory)
      }
    }
    #expect(transport.reset(attempts: 1) != nil)
    return (error, device)
  }

  private func mismatch(_ result: (BringupError?, ScriptedDevice)) -> QueueMemoryMismatch? {
    // Nothing was told to the device.
    #expect(!result.1.queues[0].isEnabled)
    guard case .queueMemoryUnsuitable(0, let mismatch) = result.0 else {
      Issue.record("\(String(describing: result.0))")
      return nil
    }
    return mismatch
  }

  @Test(arguments: [false, true])
  func makeQueue_fittingMemory_isTaken(isLegacy: Bool) throws {
    let (error, device) = try error(isLegacy: isLegacy)
    #expect(error == nil)
    #expect(device.violations == [])
  }

  @Test func makeQueue_ringOfAnotherSize_isRefused() throws {
    for size in [4, 16] {
      guard case .ring(let found, let needed) = mismatch(try error(size: size)) else {
        Issue.record("size \(size)")
        continue
      }
      #expect(found.size == size)
      #expect(needed.size == 8)
    }
  }

  @Test func makeQueue_modernRingForALegacyDevice_isRefused() throws {
    guard case .ring(let found, let needed) = mismatch(try error(isLegacy: true, areaAlignment: 64)) else {
      Issue.record("taken")
      return
    }
    #expect(found.deviceAreaOffset < needed.deviceAreaOffset)
    #expect(needed.deviceAreaOffset == 4096)
  }

  @Test func makeQueue_slotsForOtherRequests_isRefused() throws {
    guard case .slot(let found, let needed) = mismatch(try error(header: 8)) else {
      Issue.record("taken")
      return
    }
    #expect(found.headerByteCount == 8)
    #expect(needed.headerByteCount == 16)
    guard case .slot = mismatch(try error(options: QueueOptions())) else {
      Issue.record("taken")
      return
    }
  }

  @Test func makeQueue_ringBesideThePage_isRefused() throws {
    guard case .alignment(let address, 4096) = mismatch(try error(isLegacy: true, alignment: 64)) else {
      Issue.record("taken")
      return
    }
    #expect(address & 4095 != 0)
  }
}
