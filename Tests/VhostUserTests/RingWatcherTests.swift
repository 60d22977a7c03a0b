import DevicePlatform
import Foundation
import Synchronization
import Testing
import VhostUser
import VirtIO
import VirtIOBlock

/// A trace of rings that a back-end has scribbled on, all of which it can write.
@Suite(.timeLimit(.minutes(1))) struct RingWatcherTests {
  /// The memory of a queue of eight, as a back-end sees it.
  private struct Rings {
    let areas: QueueAreas
    /// What has to be added to an address of the back-end's.
    let shift: UInt64

    func store<Number: FixedWidthInteger>(_ number: Number, _ address: UInt64) {
      // In the queue's own pages, which are mapped as long as its device is there.
      unsafe UnsafeMutableRawPointer(bitPattern: UInt(address &+ shift))!.storeBytes(of: number, as: Number.self)
    }

    /// Makes chain 0 available `count` times.
    func offer(address: UInt64, byteCount: UInt32, flags: UInt16, count: UInt16 = 1) {
      let descriptor = areas.descriptors.rawValue
      store(address, descriptor)
      store(byteCount, descriptor + 8)
      store(flags, descriptor + 12)
      store(0 as UInt16, descriptor + 14)
      store(count, areas.driver.rawValue + 2)
    }
  }

  /// What the trace says of the rings.
  private func trace(_ scribble: (Rings) -> Void) throws -> [String] {
    let lines = Mutex<[String]>([])
    let device = try ScriptedBackend().connect {
      $0.queueSize = 8
      $0.trace = { line in lines.withLock { $0.append(line) } }
    }
    var waiter = device.makeWaiter()
    let disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    let buffer = try device.memory.allocate(byteCount: 512)
    // Two views of the same byte.
    let shift = UInt64(unsafe buffer.unsafeAddress) &- buffer.deviceAddress.rawValue
    lines.withLock { $0 = [] }
    scribble(Rings(areas: disk.queueState.areas, shift: shift))
    device.observeRings()
    return lines.withLock { $0 }
  }

  @Test func tableInItself_isReadOnce() throws {
    let lines = try trace { $0.offer(address: $0.areas.descriptors.rawValue, byteCount: 16, flags: 4) }
    #expect(lines.count == 1)
  }

  @Test(arguments: [.max, .max - 2, .max - 9, .max - 15] as [UInt64])
  func tableAtTheEndOfAllAddresses_isReadAsNothing(address: UInt64) throws {
    let lines = try trace { $0.offer(address: address, byteCount: 64, flags: 4) }
    #expect(lines.count == 1)
  }

  @Test(arguments: [.max, .max - 3] as [UInt64])
  func bytesAtTheEndOfAllAddresses_areShownAsZeroes(address: UInt64) throws {
    let lines = try trace { $0.offer(address: address, byteCount: 4, flags: 0) }
    #expect(lines.count == 1)
    #expect(lines.first?.hasSuffix("[00 00 00 00]") == true)
  }

  @Test func indicesThatJump_areNotFollowed() throws {
    let lines = try trace {
      $0.offer(address: 0, byteCount: 64, flags: 0, count: 40_000)
      $0.store(39_999 as UInt16, $0.areas.device.rawValue + 2)
    }
    #expect(lines.count <= 18, "\(lines.count) lines of a queue with 8 entries")
    #expect(lines.contains { $0.contains("39992 more") })
  }
}
