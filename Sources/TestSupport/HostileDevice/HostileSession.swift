import DevicePlatform
import VirtIO
import VirtIOBlock
import VirtIOEntropy
import VirtIOTestSupport

/// One life of a driver with a hostile device, and then another one with the same device, which behaves.
struct HostileSession {
  let hostile: HostileDevice
  let memory: ObservedMemory
  let target: HostileTarget
  let segments: Int

  private var waiter: TestWaiter {
    TestWaiter(step: .milliseconds(400), limit: .max, onWait: { [hostile] in hostile.act() })
  }

  func run<T: Transport & ~Copyable>(_ open: () -> T?) {
    if let transport = open() { live(transport) }
    let lost = memory.buffersLost
    if memory.buffersInUse != lost { hostile.report("\(memory.buffersInUse) buffers in use, \(lost) of them lost") }
    // A reset by a device that behaves brings everything back into order.
    hostile.behave()
    guard let again = open() else { return hostile.report("no transport after the device came to its senses") }
    serve(again)
    if memory.buffersInUse != lost { hostile.report("the second life left \(memory.buffersInUse - lost) buffers") }
  }

  // MARK: The first life

  private func live<T: Transport & ~Copyable>(_ transport: consuming T) {
    var waiter = waiter
    switch target {
    case .block:
      var options = BlockOptions()
      options.maximumSegments = segments
      guard var disk = try? BlockDevice(transport, options: options, waiter: &waiter) else { return }
      let handle = disk.makeInterruptHandle()
      hostile.onInterrupt = { handle.handleInterrupt() }
      use(&disk, &waiter)
      _ = consume disk
    case .entropy:
      guard var source = try? EntropySource(transport, waiter: &waiter) else { return }
      let handle = source.makeInterruptHandle()
      hostile.onInterrupt = { handle.handleInterrupt() }
      use(&source, &waiter)
      _ = consume source
    }
    hostile.onInterrupt = {}
  }

  private func use<T: Transport & ~Copyable>(_ disk: inout BlockDevice<T>, _ waiter: inout TestWaiter) {
    var account = BufferAccount()
    var calls = 0
    while let choice = hostile.decisions.next(), calls < 400 {
      calls += 1
      call(choice, &disk, &waiter, &account)
    }
    // To the end: either the device lets go of everything, or what it has is lost with it.
    let isOver = (try? disk.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    while let completion = disk.complete() { back(completion, &account) }
    if isOver {
      account.close()
      if disk.inFlight != 0 { hostile.report("\(disk.inFlight) requests in flight after a reset") }
    }
    for finding in account.findings { hostile.report(finding) }
  }

  private func call<T: Transport & ~Copyable>(
    _ choice: UInt8, _ disk: inout BlockDevice<T>, _ waiter: inout TestWaiter, _ account: inout BufferAccount
  ) {
    let sector = UInt64(hostile.decisions.byte() & 63)
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
    default: _ = try? disk.restart(waiter: &waiter, timeout: .seconds(1))
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

  private func use<T: Transport & ~Copyable>(_ source: inout EntropySource<T>, _ waiter: inout TestWaiter) {
    var account = BufferAccount()
    var calls = 0
    while let choice = hostile.decisions.next(), calls < 400 {
      calls += 1
      switch choice & 7 {
      case 0...2:
        let number = account.nextNumber()
        guard let buffer = try? memory.allocate(byteCount: number) else { break }
        if case .accepted = source.start(into: buffer) { account.goes(number) }
      case 3: source.publish()
      case 4, 5: if let completion = source.complete() { back(completion, &account) }
      case 6: _ = source.arm()
      default: _ = try? source.bytes(1 + Int(choice), waiter: &waiter, timeout: .seconds(1))
      }
    }
    let isOver = (try? source.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    while let completion = source.complete() { back(completion, &account) }
    if isOver {
      account.close()
      if source.inFlight != 0 { hostile.report("\(source.inFlight) requests in flight after a reset") }
    }
    for finding in account.findings { hostile.report(finding) }
  }

  private func back(_ completion: consuming EntropyCompletion, _ account: inout BufferAccount) {
    let written = completion.byteCount
    let buffer = completion.takeBuffer()
    if written > buffer.count { hostile.report("\(written) bytes written into a buffer of \(buffer.count)") }
    account.comes(buffer.count)
  }

  // MARK: The second life

  /// A reset restores service. A queue too small for a request is nobody's fault.
  private func serve<T: Transport & ~Copyable>(_ transport: consuming T) {
    var waiter = waiter
    do {
      switch target {
      case .block:
        var disk = try BlockDevice(transport, waiter: &waiter)
        var buffer = try memory.allocate(byteCount: 512)
        try disk.read(sector: 1, into: &buffer, waiter: &waiter)
        if buffer[511] != 0x5a { hostile.report("after a reset a read brings \(buffer[511])") }
      case .entropy:
        var source = try EntropySource(transport, waiter: &waiter)
        if try source.bytes(8, waiter: &waiter)[0] != 0x5a { hostile.report("after a reset other bytes come") }
      }
    } catch BringupError.queueTooSmall {
    } catch { hostile.report("no service after a reset: \(error)") }
  }
}
