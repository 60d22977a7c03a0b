import DevicePlatform
import Foundation
import Synchronization
import Testing
import VhostUser
import VirtIO
import VirtIOBlock
import VirtualMachine

/// Back-ends that do not let go of the memory, or not when they should: it is nobody's before they did.
@Suite(.timeLimit(.minutes(1))) struct LettingGoTests {
  @Test func failedBackEndThatHoldsOn_isNotBelievedToBeResetTheSecondTime() throws {
    let backend = ScriptedBackend(deed: { request, _ in request == .getRingBase ? .bytesAndStandStill([]) : nil })
    defer { backend.release() }
    let device = try backend.connect { $0.timeout = .milliseconds(100) }
    var waiter = device.makeWaiter()
    do {
      var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
      #expect(throws: BringupError.self) { try disk.shutDown(waiter: &waiter) }
      // Dropped, it is reset once more.
    }
    #expect(device.failure == .timedOut(request: .getRingBase, milliseconds: 100))
    #expect(device.memory.buffersLost == 2)
  }

  /// A driver that is dropped looks without a waiter that would notice the end.
  @Test func endWhileRequestsAreAwaited_isToldAndEndsTheReset() throws {
    let answer = ScriptedBackend.header(.getRingBase, 8) + [0, 0, 0, 0, 5, 0, 0, 0]
    let backend = ScriptedBackend(deed: { request, _ in request == .getRingBase ? .bytesAndStandStill(answer) : nil })
    let device = try backend.connect()
    var waiter = device.makeWaiter()
    do {
      let disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
      Thread.detachNewThread {
        usleep(50_000)
        backend.release()
      }
      _ = disk.capacity
    }
    #expect(device.failure == .closed(request: nil, received: 0, expected: 0))
    #expect(device.memory.buffersLost == 0)
  }

  /// Each answer is in time, and there is no end of them.
  @Test func statusThatIsNeverZero_endsADroppedDriverInTime() throws {
    let looks = Atomic<Int>(0)
    let backend = ScriptedBackend(
      { $0.protocolFeatures |= 1 << 16 },
      deed: { request, state in
        guard request == .getStatus, state.requests.contains(.getRingBase) else { return nil }
        usleep(1_000)
        return looks.add(1, ordering: .relaxed).newValue > 2_000 ? .end : .answer(ScriptedBackend.number(0x40))
      })
    let device = try backend.connect { $0.timeout = .milliseconds(200) }
    var waiter = device.makeWaiter()
    do { _ = try BlockDevice(device.makeTransport(), waiter: &waiter) }
    #expect(looks.load(ordering: .relaxed) <= 250)
    #expect(device.memory.buffersLost == 2)
  }

  @Test func backEndThatHoldsOn_isNotReplacedBeforeItHangsUp() throws {
    let backends = [
      ScriptedBackend(deed: { request, _ in request == .setRingEnabled ? .bytesAndStandStill([]) : nil }),
      ScriptedBackend(),
    ]
    let connections = Atomic<Int>(0)
    var options = VhostUserOptions()
    options.memoryByteCount = 8 << 20
    options.timeout = .milliseconds(100)
    let device = try VhostUserDevice(name: "scripted", type: .block, options: options) {
      () throws(VhostUserError) in backends[connections.add(1, ordering: .relaxed).oldValue].front
    }
    var waiter = device.makeWaiter()
    var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    let buffer = try device.memory.allocate(byteCount: 4096)
    guard case .accepted = disk.startRead(sector: 0, into: buffer) else { throw BlockRefusal.queue(.full) }
    disk.publish()
    do throws(VhostUserError) {
      try device.reconnect(patience: .milliseconds(50))
      Issue.record("another one has the memory, and the first one has it still")
    } catch {
      #expect(error == .holdsOn(milliseconds: 100))
    }
    backends[0].release()
    try device.reconnect()
    #expect(try disk.restart(waiter: &waiter) == 1)
    #expect(connections.load(ordering: .relaxed) == 2)
  }

  /// It hangs up when it is told to, and takes what it had not finished again.
  @Test func backEndThatIsAlive_isItsOwnSuccessor() throws {
    let image = try MemoryFile(byteCount: 1 << 20)
    let daemon = try ExportedDisk("driver=file,filename=\(StorageDaemon.path(ofFile: 0))", files: [image])
    let device = try daemon.connect()
    var waiter = device.makeWaiter()
    do {
      var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
      for _ in 0..<20 {
        for sector in 0..<16 as Range<UInt64> {
          let buffer = try device.memory.allocate(byteCount: 512)
          guard case .accepted = disk.startRead(sector: sector, into: buffer) else { throw BlockRefusal.queue(.full) }
        }
        disk.publish()
        try device.reconnect()
        try disk.restart(waiter: &waiter)
        for _ in 0..<16 {
          let deadline = waiter.now + .seconds(10)
          var result: BlockResult?
          while result == nil, waiter.now < deadline {
            if let completion = disk.complete() {
              result = completion.result
            } else if !disk.arm() {
              waiter.wait(until: deadline)
            }
            disk.disarm()
          }
          #expect(result == .done)
        }
        #expect(disk.inFlight == 0)
      }
    }
    #expect(device.memory.buffersInUse == 0 && device.memory.buffersLost == 0)
  }

  @Test func backEndThatIsFrozen_isNotReplacedBeforeItIsKilled() throws {
    let image = try MemoryFile(byteCount: 1 << 20)
    let daemon = try ExportedDisk("driver=file,filename=\(StorageDaemon.path(ofFile: 0))", files: [image])
    var options = VhostUserOptions()
    options.timeout = .milliseconds(500)
    let device = try daemon.connect(options)
    var waiter = device.makeWaiter()
    var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    daemon.freeze()
    let buffer = try device.memory.allocate(byteCount: 512)
    guard case .accepted = disk.startRead(sector: 0, into: buffer) else { throw BlockRefusal.queue(.full) }
    disk.publish()
    #expect(throws: VhostUserError.holdsOn(milliseconds: 500)) { try device.reconnect(patience: .milliseconds(10)) }
    daemon.kill()
    try daemon.start()
    try device.reconnect(patience: .seconds(20))
    #expect(try disk.restart(waiter: &waiter) == 1)
    var sector = try device.memory.allocate(byteCount: 512)
    try disk.read(sector: 1, into: &sector, waiter: &waiter, timeout: .seconds(10))
  }
}
