import DevicePlatform
import VirtIO
import VirtIOEntropy
public import VirtIOTestSupport

/// The entropy driver.
public struct EntropyTarget: HostileDriver {
  /// The device when it behaves.
  public let device: ScriptedDevice
  private let model = EntropyModel()

  /// A source of known bytes.
  public init(_ setup: HostileSetup) {
    device = model.makeDevice(
      features: setup.features, queueSize: setup.queueSize, heap: setup.heap, isLegacy: setup.isLegacy)
  }

  /// Requests with buffers of the caller's, and copies.
  public func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    var waiter = session.waiter
    guard var source = try? EntropySource(transport, waiter: &waiter) else { return session.bringUpFailed() }
    session.serveInterrupts(source.makeInterruptHandle())
    var account = BufferAccount()
    session.forEachCall { choice in
      switch choice & 7 {
      case 0...2:
        let number = account.nextNumber()
        guard let buffer = try? session.memory.allocate(byteCount: number) else { break }
        if case .accepted = source.start(into: buffer) { account.goes(number) }
      case 3: source.publish()
      case 4, 5: if let completion = source.complete() { back(completion, &account, session) }
      case 6: _ = source.arm()
      default: _ = try? source.bytes(1 + Int(choice), waiter: &waiter, timeout: .seconds(1))
      }
    }
    let isOver = (try? source.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    while let completion = source.complete() { back(completion, &account, session) }
    if isOver {
      account.close()
      if source.inFlight != 0 { session.report("\(source.inFlight) requests in flight after a reset") }
    }
    account.findings.forEach(session.report)
  }

  private func back(
    _ completion: consuming EntropyCompletion, _ account: inout BufferAccount, _ session: HostileSession
  ) {
    let written = completion.byteCount
    let buffer = completion.takeBuffer()
    if written > buffer.count { session.report("\(written) bytes written into a buffer of \(buffer.count)") }
    account.comes(buffer.count)
  }

  /// Bytes come, and are the device's.
  public func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    var waiter = session.waiter
    var source = try EntropySource(transport, waiter: &waiter)
    check(try source.bytes(8, waiter: &waiter), session)
  }

  /// They are what the device gave.
  public func check(_ bytes: [UInt8], _ session: HostileSession) {
    if bytes != model.given { session.report("after a reset other bytes come") }
  }
}
