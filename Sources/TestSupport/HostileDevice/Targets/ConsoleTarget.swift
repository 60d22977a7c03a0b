import DevicePlatform
import VirtIO
import VirtIOConsole
public import VirtIOTestSupport

/// The console driver: one port or several, which the device adds, names, opens and takes away as it likes.
public struct ConsoleTarget: HostileDriver {
  /// The device when it behaves.
  public let device: ScriptedDevice
  private let model: ConsoleModel
  private let options: ConsoleOptions

  /// A console with features and a number of ports that are drawn.
  public init(_ setup: HostileSetup) {
    var features = setup.features
    if setup.choice & 4 != 0 { features.insert(.Console.size) }
    if setup.choice & 8 == 0 { features.insert(.Console.multiport) }
    if setup.choice & 16 != 0 { features.insert(.Console.emergencyWrite) }
    model = ConsoleModel(ports: [0: ConsoleModel.Port(name: "a", isConsole: true), 1: ConsoleModel.Port()])
    device = model.makeDevice(
      features: features, maximumPorts: 4, queueSize: setup.queueSize, heap: setup.heap, isLegacy: setup.isLegacy)
    var options = ConsoleOptions()
    options.queueSize = 16
    options.maximumPorts = setup.segments
    options.controlBufferCount = 4
    options.controlByteCount = 32
    options.chunkByteCount = 48
    self.options = options
  }

  /// A control message of any kind, bytes of any length, nothing to what was sent.
  public func answer(_ request: ScriptedRequest, _ decisions: Decisions) -> ScriptedReply {
    let room = request.writableByteCount
    if room == 0 { return ScriptedReply(writes: [], usedLength: decisions.byte() < 240 ? 0 : decisions.word()) }
    let choice = decisions.byte()
    let length = choice & 0xc0 == 0xc0 ? decisions.word() : UInt32(choice & 0x3f)
    guard request.queue == 2 else { return ScriptedReply(writes: [], usedLength: length) }
    var message: [UInt8] = [decisions.byte() & 7, 0, 0, 0, decisions.byte() & 15, 0, decisions.byte() & 3, 0]
    if choice & 0x30 == 0x30 { message[Int(decisions.byte() & 7)] = decisions.byte() }
    // A name, or a size.
    for _ in 0..<4 { message.append(decisions.byte()) }
    return ScriptedReply(
      writes: [(0, Array(message.prefix(room)))], usedLength: choice & 1 == 0 ? UInt32(message.count) : length)
  }

  /// Bytes and messages.
  public func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    var waiter = session.waiter
    guard var console = try? ConsolePorts(transport, options: options, waiter: &waiter) else {
      return session.bringUpFailed()
    }
    session.serveInterrupts(console.makeInterruptHandle())
    var account = BufferAccount()
    session.forEachCall { call($0, &console, &waiter, &account, session) }
    let isOver = (try? console.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    for port in 0..<console.portCount {
      while let completion = console.complete(port: port) { back(completion, &account, session) }
      let inFlight = console.inFlight(port: port)
      if isOver, inFlight != (0, 0) { session.report("\(inFlight) in flight on port \(port) after a reset") }
    }
    if isOver { account.close() }
    account.findings.forEach(session.report)
  }

  private func call<T: Transport & ~Copyable>(
    _ choice: UInt8, _ console: inout ConsolePorts<T>, _ waiter: inout TestWaiter, _ account: inout BufferAccount,
    _ session: HostileSession
  ) {
    // One more than there are.
    let port = Int(choice >> 4) % (console.portCount + 1)
    switch choice & 15 {
    case 0...2: _ = console.nextEvent()
    case 3: try? console.open(port: port)
    case 4: try? console.close(port: port)
    case 5, 6, 7:
      guard let buffer = try? session.memory.allocate(byteCount: 1 + Int(session.decisions.byte())) else { return }
      let name = Int(buffer.deviceAddress.rawValue)
      let submission =
        choice & 1 == 0 ? console.startWrite(port: port, from: buffer) : console.startRead(port: port, into: buffer)
      if case .accepted = submission { account.goes(name) }
    case 8: console.publish(port: port)
    case 9, 10: if let completion = console.complete(port: port) { back(completion, &account, session) }
    case 11:
      let bytes = [UInt8](repeating: choice, count: Int(session.decisions.byte()))
      try? console.write(bytes.span, port: port, waiter: &waiter, timeout: .seconds(1))
    case 12, 13:
      var bytes = [UInt8](repeating: 0, count: 1 + Int(session.decisions.byte()))
      var span = bytes.mutableSpan
      let count = (try? console.read(into: &span, port: port, waiter: &waiter, timeout: .seconds(1))) ?? 0
      if count > bytes.count { session.report("\(count) bytes read into \(bytes.count)") }
    case 14:
      _ = console.arm()
      if choice & 16 != 0 { console.disarm() }
    default:
      console.refreshSize()
      console.emergencyWrite(choice)
      let room = options.controlByteCount - 8
      if let name = console.name(ofPort: port), name.unicodeScalars.count > room {
        session.report("a name of \(name.unicodeScalars.count) characters out of \(room) bytes")
      }
    }
  }

  private func back(
    _ completion: consuming ConsoleCompletion, _ account: inout BufferAccount, _ session: HostileSession
  ) {
    let count = completion.byteCount
    let buffer = completion.takeBuffer()
    if count > buffer.count { session.report("\(count) bytes in a buffer of \(buffer.count)") }
    account.comes(Int(buffer.deviceAddress.rawValue))
  }

  /// Port 0 appears; bytes go both ways.
  public func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    var waiter = session.waiter
    var console = try ConsolePorts(transport, options: options, waiter: &waiter)
    for _ in 0..<64 where !console.isThere(port: 0) || !console.isOpenByDevice(port: 0) { _ = console.nextEvent() }
    // A device drops messages for which the driver has no buffer: queues of a few entries.
    if !console.isThere(port: 0), model.droppedMessageCount != 0 { return }
    let bytes = Array("to the device".utf8)
    try console.write(bytes.span, waiter: &waiter)
    if model.ports[0]?.received != bytes { session.report("after a reset other bytes arrive at the device") }
    var back = [UInt8](repeating: 0, count: 8)
    var span = back.mutableSpan
    // The driver asks for bytes first.
    _ = try console.read(into: &span, waiter: &waiter, timeout: .milliseconds(1))
    model.send(Array("from it!".utf8), device)
    let count = try console.read(into: &span, waiter: &waiter)
    if count != 8 || back != Array("from it!".utf8) { session.report("after a reset other bytes come in") }
  }
}
