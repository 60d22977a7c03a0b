import DevicePlatform
import Foundation
import PlatformCheck
import Testing
import VhostUser
import VirtIO
import VirtIOBlock
import VirtualMachine

/// The block driver, as it is, against a device model that nobody here wrote.
@Suite(.serialized, .timeLimit(.minutes(1))) struct StorageDaemonTests {
  static let disk = "driver=null-co,size=16777216,read-zeroes=on"

  /// A disk of 4 MiB in a file.
  private func fileDisk() throws -> (ExportedDisk, MemoryFile) {
    // Each sector holds its own number.
    var contents = [UInt8](repeating: 0, count: 4 << 20)
    for sector in 0..<contents.count / 512 {
      for byte in 0..<8 { contents[sector * 512 + byte] = UInt8(truncatingIfNeeded: sector >> (8 * byte)) }
    }
    let image = try MemoryFile(contents: contents)
    return (try ExportedDisk("driver=file,filename=\(StorageDaemon.path(ofFile: 0))", files: [image]), image)
  }

  /// How a back-end can be spoken to.
  enum Manner: CaseIterable {
    case ordinary, memoryTable, severalRegions, severalRegionsInSlots, noAcknowledgement, polling

    var options: VhostUserOptions {
      var options = VhostUserOptions()
      switch self {
      case .ordinary: break
      case .memoryTable: options.protocolFeatures.remove(.memorySlots)
      case .severalRegions:
        options.protocolFeatures.remove(.memorySlots)
        options.memoryByteCount = 16 << 20
        options.memoryRegionCount = 8
      case .severalRegionsInSlots:
        options.memoryByteCount = 16 << 20
        options.memoryRegionCount = 4
      case .noAcknowledgement: options.protocolFeatures.remove(.acknowledgement)
      case .polling: options.interrupts = .ignored
      }
      return options
    }
  }

  @Test(arguments: Manner.allCases, [FeatureSet(), [.eventIndex, .indirectDescriptors]])
  func sectors_areReadAndWritten(_ manner: Manner, _ ring: FeatureSet) throws {
    let (daemon, image) = try fileDisk()
    let device = try daemon.connect(manner.options)
    var waiter = device.makeWaiter()
    do {
      var options = BlockOptions()
      options.features.subtract([.eventIndex, .indirectDescriptors])
      options.features.formUnion(ring)
      var disk = try BlockDevice(device.makeTransport(), options: options, waiter: &waiter)
      #expect(disk.geometry.sectorCount == 8192)
      #expect(disk.features.isSuperset(of: ring))
      // One buffer after the other, so that with several regions each of them is used.
      for sector in stride(from: UInt64(0), to: 8192, by: 512) {
        var buffer = try device.memory.allocate(byteCount: 128 << 10)
        try disk.read(sector: sector, into: &buffer, waiter: &waiter)
        #expect(Int(buffer[0]) | Int(buffer[1]) << 8 == Int(sector))
        buffer[8] = 0xa5
        try disk.write(sector: sector, from: &buffer, waiter: &waiter)
      }
      try disk.flush(waiter: &waiter)
      try disk.shutDown(waiter: &waiter)
    }
    #expect(device.failure == nil)
    #expect(device.memory.buffersInUse == 0)
    #expect(device.memory.buffersLost == 0)
    let contents = try image.read(at: 0, byteCount: 4 << 20)
    for sector in stride(from: 0, to: 8192, by: 512) { #expect(contents[sector * 512 + 8] == 0xa5) }
  }

  struct Missing: Error {}

  @Test func driver_afterAnother_findsTheDeviceReset() throws {
    let daemon = try ExportedDisk(Self.disk)
    let device = try daemon.connect()
    var waiter = device.makeWaiter()
    for _ in 0..<3 {
      var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
      var buffer = try device.memory.allocate(byteCount: 4096)
      for _ in 0..<300 { try disk.read(sector: 0, into: &buffer, waiter: &waiter) }
    }
    #expect(device.memory.buffersInUse == 0)
  }

  @Test func queues_asManyAsTheBackEndSays() throws {
    let daemon = try ExportedDisk(Self.disk, export: "writable=on,num-queues=4")
    let device = try daemon.connect()
    #expect(device.offer.queueCount == 4)
    let transport = device.makeTransport()
    #expect(transport.maximumSize(ofQueue: 3) == 1024)
    #expect(transport.maximumSize(ofQueue: 4) == 0)
  }

  @Test func readOnlyDisk_isKnownAsSuch() throws {
    let daemon = try ExportedDisk(Self.disk, export: "writable=off")
    let device = try daemon.connect()
    var waiter = device.makeWaiter()
    let disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    #expect(disk.geometry.isReadOnly)
  }

  @Test func endOfTheBackEnd_endsAWait() throws {
    let daemon = try ExportedDisk(Self.disk)
    let device = try daemon.connect()
    var waiter = device.makeWaiter(pollingFor: .microseconds(0))
    do {
      var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
      var buffer = try device.memory.allocate(byteCount: 4096)
      // It stands still, so that the request is still there when it ends.
      daemon.freeze()
      let end = Thread { daemon.kill() }
      end.start()
      let start = Date()
      do {
        try disk.read(sector: 0, into: &buffer, waiter: &waiter, timeout: .seconds(60))
        Issue.record("a read without a back-end")
      } catch {
        guard case .timedOut(let status) = error else { throw error }
        #expect(status.contains(.deviceNeedsReset))
      }
      #expect(Date().timeIntervalSince(start) < 30)
      #expect(device.failure == .closed(request: nil, received: 0, expected: 0))
      // It has let go of everything: the buffer comes back.
      try disk.shutDown(waiter: &waiter)
      guard let completion = disk.complete() else { throw Missing() }
      let result = completion.result
      #expect(result == .aborted)
    }
    #expect(device.memory.buffersInUse == 0)
    #expect(device.memory.buffersLost == 0)
  }

  @Test func platform_keepsAllRules() throws {
    let daemon = try ExportedDisk(Self.disk)
    let device = try daemon.connect()
    var waiter = device.makeWaiter()
    let disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    let before = device.memory.buffersInUse
    var limits = PlatformCheckLimits()
    // Other tests want these processors too.
    limits.lateness = .seconds(1)
    var broken: [String] = []
    var count = 0
    checkPlatform(
      provider: device.memory.provider, memory: device.memory, clock: LinuxClock(), waiter: &waiter, limits: limits,
      interrupt: { device.signalInterrupt(ofQueue: 0) }
    ) {
      count += 1
      if $0.isBroken { broken.append($0.words) }
      if case .skipped(let reason) = $0.outcome { broken.append("\($0.rule) skipped: \(reason)") }
    }
    #expect(broken == [])
    #expect(count == PlatformRule.allCases.count)
    #expect(device.memory.buffersInUse == before)
    _ = disk.capacity
  }
}
