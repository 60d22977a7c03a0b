import DevicePlatform
import VirtIO
import VirtIOBlock
public import VirtIOTestSupport

/// The block driver.
public struct BlockTarget: HostileDriver {
  /// The device when it behaves.
  public let device: ScriptedDevice
  private let segments: Int

  /// A disk of 64 sectors.
  public init(_ setup: HostileSetup) {
    let model = BlockModel(sectors: 64)
    model.fillWithPattern()
    device = model.makeDevice(
      features: setup.features, queueSize: setup.queueSize, heap: setup.heap, isLegacy: setup.isLegacy)
    segments = setup.segments
  }

  /// Requests of all kinds.
  public func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    var waiter = session.waiter
    var options = BlockOptions()
    options.maximumSegments = segments
    guard var disk = try? BlockDevice(transport, options: options, waiter: &waiter) else {
      return session.bringUpFailed()
    }
    session.serveInterrupts(disk.makeInterruptHandle())
    var account = BufferAccount()
    session.forEachCall { call($0, &disk, &waiter, &account, session) }
    // To the end: either the device lets go of everything, or what it has is lost with it.
    let isOver = (try? disk.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    while let completion = disk.complete() { back(completion, &account) }
    if isOver {
      account.close()
      if disk.inFlight != 0 { session.report("\(disk.inFlight) requests in flight after a reset") }
    }
    account.findings.forEach(session.report)
  }

  private func call<T: Transport & ~Copyable>(
    _ choice: UInt8, _ disk: inout BlockDevice<T>, _ waiter: inout TestWaiter, _ account: inout BufferAccount,
    _ session: HostileSession
  ) {
    let memory = session.memory
    let sector = UInt64(session.decisions.byte() & 63)
    switch choice & 15 {
    case 0...3:
      let number = account.nextNumber()
      guard let buffer = try? memory.allocate(byteCount: 512 * number) else { return }
      let submission =
        choice & 16 == 0 ? disk.startRead(sector: sector, into: buffer) : disk.startWrite(sector: sector, from: buffer)
      if case .accepted = submission { account.goes(number) }
    case 4:
      let number = account.nextNumber()
      var list = SegmentList(capacity: 2)
      for part in [number - 1, 1] where part != 0 {
        if let buffer = try? memory.allocate(byteCount: 512 * part) { list.append(buffer) }
      }
      if case .accepted = disk.startRead(sector: sector, into: list) { account.goes(number) }
    case 5: _ = try? disk.startFlush()
    case 6, 7: disk.publish()
    case 8, 9: if let completion = disk.complete() { back(completion, &account) }
    case 10: _ = disk.arm(after: 1 + Int(sector) % disk.capacity)
    case 11: try? disk.flush(waiter: &waiter, timeout: .seconds(1))
    case 12: _ = try? disk.identifier(waiter: &waiter, timeout: .seconds(1))
    case 13:
      // A blocking read keeps what it cannot give back; it comes from `complete` under its number.
      let number = account.nextNumber()
      guard var buffer = try? memory.allocate(byteCount: 512 * number) else { return }
      account.goes(number)
      try? disk.read(sector: sector, into: &buffer, waiter: &waiter, timeout: .seconds(1))
      if !buffer.isEmpty { account.comes(buffer.count / 512) }
    case 14: _ = try? disk.refreshGeometry()
    default: if (try? disk.restart(waiter: &waiter, timeout: .seconds(1))) == nil { session.bringUpFailed() }
    }
  }

  private func back(_ completion: consuming BlockCompletion, _ account: inout BufferAccount) {
    let count: Int
    if completion.isSegmentList {
      count = completion.takeSegments().byteCount
    } else {
      count = completion.takeBuffer().count
    }
    if count != 0 { account.comes(count / 512) }
  }

  /// A sector is read, and is what is on the disk.
  public func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    var waiter = session.waiter
    var disk = try BlockDevice(transport, waiter: &waiter)
    var buffer = try session.memory.allocate(byteCount: 512)
    try disk.read(sector: 1, into: &buffer, waiter: &waiter)
    if buffer.array(512) != BlockModel.pattern(1) { session.report("after a reset a read brings other bytes") }
  }
}
