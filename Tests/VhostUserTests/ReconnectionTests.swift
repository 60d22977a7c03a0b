import DevicePlatform
import Foundation
import Synchronization
import Testing
import VhostUser
import VirtIO
import VirtIOBlock
import VirtualMachine

/// A back-end that is killed and started again, over and over, in the middle of verified requests.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ReconnectionTests {
  static let requests = 100_000
  static let kills = 20
  static let depth = 32
  static let blocks = 4096
  static let blockByteCount = 4096

  /// What the test knows about the disk: which version of each block was written last, and what is in flight.
  private struct Account {
    var versions = [UInt32](repeating: 0, count: ReconnectionTests.blocks)
    /// The block and the version of each request in flight, by token.
    var inFlight: [Int: (block: Int, version: UInt32, isWrite: Bool)] = [:]
    /// Blocks with a request in flight: one at a time each, for they have no order among them.
    var busy: Set<Int> = []
    var answered = 0
    var random: UInt64 = 0x9e37_79b9_7f4a_7c15

    mutating func next() -> (block: Int, isWrite: Bool) {
      while true {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        let block = Int(random % UInt64(ReconnectionTests.blocks))
        if busy.insert(block).inserted { return (block, random >> 60 < 8) }
      }
    }
  }

  private func word(_ block: Int, _ version: UInt32, _ position: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (block &* 31 &+ Int(version) &* 131) &+ position &* 7)
  }

  /// Some bytes over the whole block tell block and version.
  private func fill(_ buffer: inout DMABuffer, _ block: Int, _ version: UInt32) {
    for position in stride(from: 0, to: Self.blockByteCount, by: 256) {
      buffer[position] = word(block, version, position)
    }
  }

  private func holds(_ buffer: borrowing DMABuffer, _ block: Int, _ version: UInt32) -> Bool {
    // Never written: zeroes.
    stride(from: 0, to: Self.blockByteCount, by: 256).allSatisfy {
      buffer[$0] == (version == 0 ? 0 : word(block, version, $0))
    }
  }

  @Test func backEndKilledAndRestarted_everyRequestIsAnsweredOnce() throws {
    let image = try MemoryFile(byteCount: Self.blocks * Self.blockByteCount)
    let daemon = try ExportedDisk("driver=file,filename=\(StorageDaemon.path(ofFile: 0))", files: [image])
    let device = try daemon.connect()
    var waiter = device.makeWaiter()
    var account = Account()
    var (kills, replayed) = (0, 0)
    do {
      var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
      var nextKill = Self.requests / (Self.kills + 1)
      let end = Date() + 100
      while account.answered < Self.requests {
        try #require(Date() < end, "\(account.answered) answered, \(disk.queueState)")
        try start(&disk, device, &account)
        if kills < Self.kills, account.answered >= nextKill {
          kills += 1
          nextKill += Self.requests / (Self.kills + 1)
          daemon.kill()
          try daemon.start()
        }
        if try finish(&disk, &account) { continue }
        if device.failure != nil {
          try device.reconnect(patience: .seconds(20))
          replayed += try disk.restart(waiter: &waiter)
        } else if !disk.arm() {
          waiter.wait(until: waiter.now + .seconds(5))
        }
        disk.disarm()
      }
      #expect(disk.inFlight == account.inFlight.count)
      while !account.inFlight.isEmpty, Date() < end {
        if !(try finish(&disk, &account)), !disk.arm() { waiter.wait(until: waiter.now + .seconds(5)) }
      }
      #expect(account.inFlight.isEmpty)
      try checkEverything(&disk, device, &waiter, account)
      try disk.shutDown(waiter: &waiter)
    }
    // The kills hit requests in flight, or this proves nothing.
    #expect(replayed >= Self.kills)
    #expect(device.memory.buffersInUse == 0)
    #expect(device.memory.buffersLost == 0)
  }

  private func start(
    _ disk: inout BlockDevice<VhostUserTransport>, _ device: VhostUserDevice, _ account: inout Account
  ) throws {
    while account.inFlight.count < Self.depth, account.answered + account.inFlight.count < Self.requests {
      let (block, isWrite) = account.next()
      let version = account.versions[block] + (isWrite ? 1 : 0)
      var buffer = try device.memory.allocate(byteCount: Self.blockByteCount)
      if isWrite { fill(&buffer, block, version) }
      let sector = UInt64(block * Self.blockByteCount / 512)
      switch isWrite ? disk.startWrite(sector: sector, from: buffer) : disk.startRead(sector: sector, into: buffer) {
      case .accepted(let token):
        #expect(account.inFlight.updateValue((block, version, isWrite), forKey: token.number) == nil)
      case .refused(let reason, _): throw reason
      }
    }
    disk.publish()
  }

  /// Takes what is over; each answer must belong to a request in flight.
  private func finish(_ disk: inout BlockDevice<VhostUserTransport>, _ account: inout Account) throws -> Bool {
    var isAny = false
    while let completion = disk.complete() {
      isAny = true
      let (token, result) = (completion.token, completion.result)
      let known = account.inFlight.removeValue(forKey: token.number)
      let request = try #require(known, "answered twice")
      try #require(result == .done)
      let buffer = completion.takeBuffer()
      if !request.isWrite, !holds(buffer, request.block, request.version) {
        Issue.record("block \(request.block) does not hold version \(request.version)")
      }
      account.versions[request.block] = request.version
      account.busy.remove(request.block)
      account.answered += 1
    }
    return isAny
  }

  private func checkEverything(
    _ disk: inout BlockDevice<VhostUserTransport>, _ device: VhostUserDevice, _ waiter: inout VhostUserWaiter,
    _ account: Account
  ) throws {
    #expect(account.answered == Self.requests)
    var buffer = try device.memory.allocate(byteCount: Self.blockByteCount)
    for block in 0..<Self.blocks {
      try disk.read(sector: UInt64(block * Self.blockByteCount / 512), into: &buffer, waiter: &waiter)
      if !holds(buffer, block, account.versions[block]) {
        Issue.record("block \(block) does not hold version \(account.versions[block]) in the end")
      }
    }
  }

  /// The second back-end ends at one message of the bring-up; the third has everything to do.
  @Test(arguments: [
    VhostUserRequest.getFeatures, .setFeatures, .getConfiguration, .addMemoryRegion, .setRingSize, .setRingAddresses,
    .setRingCall, .setRingKick, .setRingEnabled,
  ])
  func endInTheMiddleOfARestart_losesNothing(request: VhostUserRequest) throws {
    let backends = BackendQueue([
      ScriptedBackend(), ScriptedBackend(deed: { found, _ in found == request ? .end : nil }), ScriptedBackend(),
    ])
    let device = try backends.connect()
    var waiter = device.makeWaiter()
    do {
      var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
      for sector in 0..<2 as Range<UInt64> {
        let buffer = try device.memory.allocate(byteCount: 512)
        guard case .accepted = disk.startRead(sector: sector, into: buffer) else { throw BlockRefusal.queue(.full) }
      }
      disk.publish()
      try device.reconnect()
      // By the last message nothing can fail any more: the failure is the device's.
      do throws(BringupError) {
        try disk.restart(waiter: &waiter)
        #expect(device.failure != nil || request == .getFeatures || request == .getConfiguration)
      } catch { #expect(request != .getFeatures && request != .getConfiguration) }
      if backends.connectionCount == 2 {
        try device.reconnect()
        #expect(try disk.restart(waiter: &waiter) == 2)
      }
      #expect(disk.inFlight == 2 && disk.fault == nil && device.failure == nil)
    }
    #expect(device.memory.buffersInUse == 0 && device.memory.buffersLost == 0)
  }

  @Test func reconnection_toADeviceWithoutTheFeatures_isRefused() throws {
    let backends = BackendQueue([ScriptedBackend(), ScriptedBackend { $0.features &= ~(1 << 29) }])
    let device = try backends.connect()
    var waiter = device.makeWaiter()
    var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    do throws(VhostUserError) {
      try device.reconnect()
      Issue.record("reconnected without EVENT_IDX")
    } catch {
      #expect(error == .featuresGone(.eventIndex))
    }
    #expect(throws: BringupError.self) { try disk.restart(waiter: &waiter) }
  }
}

/// Back-ends that listen one after the other.
private final class BackendQueue: Sendable {
  private let backends: [ScriptedBackend]
  private let connections = Atomic<Int>(0)

  init(_ backends: [ScriptedBackend]) { self.backends = backends }

  var connectionCount: Int { connections.load(ordering: .relaxed) }

  /// A disk of the first; each reconnection leads to the next.
  func connect() throws -> VhostUserDevice {
    var options = VhostUserOptions()
    options.memoryByteCount = 8 << 20
    return try VhostUserDevice(name: "scripted", type: .block, options: options) {
      [self] () throws(VhostUserError) in backends[connections.add(1, ordering: .relaxed).oldValue].front
    }
  }
}
