import DevicePlatform
import Foundation
import Synchronization
import Testing
@testable import VhostUser
@testable import VireoTool
import VirtIO
import VirtIOBlock

/// Back-ends that write what they must not into the memory that they share, as the tool sees them.
@Suite(.timeLimit(.minutes(1))) struct BrokenRingTests {
  /// The shared memory as a back-end sees it.
  private struct Rings {
    let device: VhostUserDevice
    let areas: QueueAreas

    init?(_ device: VhostUserDevice) {
      guard let areas = device.session.withLock({ $0.queues.first?.areas }) else { return nil }
      self.device = device
      self.areas = areas
    }

    func pointer(_ address: DeviceAddress, _ offset: UInt64) -> UnsafeMutableRawPointer? {
      let local = device.session.withLock { $0.memory.localAddress(of: address.rawValue + offset, 16) }
      // Within a region that is mapped as long as its device is there.
      return unsafe local.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
    }

    var availableIndex: UInt16 { unsafe pointer(areas.driver, 2)?.loadUnaligned(as: UInt16.self) ?? 0 }

    func setDescriptor(_ index: UInt64, _ address: UInt64, _ byteCount: UInt32, flags: UInt16) {
      let descriptor = unsafe pointer(areas.descriptors, 16 * index)
      unsafe descriptor?.storeBytes(of: address, as: UInt64.self)
      unsafe descriptor?.storeBytes(of: byteCount, toByteOffset: 8, as: UInt32.self)
      unsafe descriptor?.storeBytes(of: UInt32(flags), toByteOffset: 12, as: UInt32.self)
    }

    /// The first used element, and that it is there.
    func use(_ id: UInt32, byteCount: UInt32) {
      unsafe pointer(areas.device, 4)?.storeBytes(of: id, as: UInt32.self)
      unsafe pointer(areas.device, 4)?.storeBytes(of: byteCount, toByteOffset: 4, as: UInt32.self)
      atomicMemoryFence(ordering: .sequentiallyConsistent)
      unsafe pointer(areas.device, 2)?.storeBytes(of: 1, as: UInt16.self)
    }
  }

  /// Nobody has to wait for the read that it took.
  @Sendable private static func hangsUpWhenReset(
    _ request: VhostUserRequest, _ state: inout ScriptedBackend.State
  ) -> ScriptedBackend.Deed? {
    request == .getRingBase ? .end : nil
  }

  @Test(
    arguments: [
      // A table in itself, and bytes on both sides of the end of all addresses.
      (nil, 16, 4), (0xffff_ffff_ffff_fff8, 16, 4), (0xffff_ffff_ffff_fff8, 16, 2), (0xffff_ffff_ffff_ffff, 0, 0),
    ] as [(UInt64?, UInt32, UInt16)])
  func descriptorsThatTheDeviceWroteOver_areTraced(address: UInt64?, byteCount: UInt32, flags: UInt16) throws {
    let lines = LineList()
    let backend = ScriptedBackend(deed: Self.hangsUpWhenReset)
    let device = try backend.connect { $0.trace = { lines.add($0) } }
    var waiter = device.makeWaiter()
    var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    guard case .accepted = disk.startRead(sector: 0, into: try device.memory.allocate(byteCount: 512)) else {
      Issue.record("a read was refused")
      return
    }
    disk.publish()
    device.observeRings()
    let rings = try #require(Rings(device))
    rings.setDescriptor(0, address ?? rings.areas.descriptors.rawValue, byteCount, flags: flags)
    rings.use(0, byteCount: 513)
    device.observeRings()
    #expect(lines.all.last?.contains("queue 0: used 0: chain 0, 513 bytes written") == true, "\(lines.all)")
    _ = disk.capacity
  }

  @Test func benchOfADeviceThatBreaksARule_tellsTheRule() throws {
    let backend = ScriptedBackend(deed: Self.hangsUpWhenReset)
    let device = try backend.connect()
    Thread.detachNewThread {
      for _ in 0..<10_000 {
        if let rings = Rings(device), rings.availableIndex != 0 {
          rings.use(700, byteCount: 1)
          device.signalInterrupt(ofQueue: 0)
          return
        }
        usleep(1000)
      }
    }
    var shape = BlockBenchShape()
    shape.depth = 1
    // The bench sees it itself, not the wait that all commands share.
    shape.waiting = .poll
    do {
      _ = try shape.run(on: device, timeoutSeconds: 10)
      Issue.record("a used element of nobody was overlooked")
    } catch let problem as DeviceProblem {
      #expect(problem.words.contains("id 700"), "\(problem)")
      #expect(problem.clause != nil)
    }
  }

  /// A driver goes on with a length that it cut down; the device's author is told.
  @Test(arguments: [513, 514] as [UInt32])
  func lengthThatTheDeviceCannotHaveWritten_isTold(length: UInt32) throws {
    let backend = ScriptedBackend(deed: Self.hangsUpWhenReset)
    let device = try backend.connect()
    var session = try BlockSession(device, timeoutSeconds: 5)
    guard case .accepted = session.disk.startRead(sector: 0, into: try device.memory.allocate(byteCount: 512)) else {
      Issue.record("a read was refused")
      return
    }
    session.disk.publish()
    // The data and the status: 513 bytes are all that it may write.
    try #require(Rings(device)).use(0, byteCount: length)
    _ = try session.next()
    let problem = session.falseLengths
    #expect((problem != nil) == (length > 513))
    #expect(problem.map { $0.words.contains("the last with 514") && $0.clause != nil } ?? true)
  }

  @Test(arguments: [ScriptedBackend.Deed.silence, .end, .answer([1])])
  func resetThatTheBackEndDoesNotAnswer_isToldByTheTool(deed: ScriptedBackend.Deed) throws {
    let backend = ScriptedBackend(deed: { request, _ in request == .getRingBase ? deed : nil })
    let device = try backend.connect { $0.timeout = .milliseconds(100) }
    var session = try BlockSession(device, timeoutSeconds: 5)
    do {
      try session.shutDown()
      Issue.record("GET_VRING_BASE was not answered, and nobody said so")
    } catch let problem as DeviceProblem {
      #expect(problem.words.contains("GET_VRING_BASE"), "\(problem)")
    }
  }
}

/// Lines of a trace.
private final class LineList: Sendable {
  private let lines = Mutex<[String]>([])
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}
