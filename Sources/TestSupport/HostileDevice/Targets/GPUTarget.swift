import DevicePlatform
import Drawing
import VirtIO
import VirtIOGPU
public import VirtIOTestSupport

/// The GPU driver: surfaces, scanouts, cursors, displays, EDIDs.
public struct GPUTarget: HostileDriver {
  /// The device when it behaves.
  public let device: ScriptedDevice
  private let model: GPUModel

  /// A GPU of 1 to 4 scanouts. There are none of the drafts before version 1.
  public init(_ setup: HostileSetup) {
    var features = setup.features
    if setup.choice & 4 == 0 { features.insert(.GPU.edid) }
    model = GPUModel(
      scanouts: setup.segments, features: features, queueSize: setup.queueSize, heap: setup.heap)
    device = model.device
  }

  /// Mostly the answer that is due; otherwise another type, flags, fence or length, displays and EDIDs of any bytes.
  public func answer(_ request: ScriptedRequest, _ decisions: Decisions) -> ScriptedReply {
    let room = request.writableByteCount
    if room == 0 { return ScriptedReply(writes: [], usedLength: decisions.byte() < 240 ? 0 : decisions.word()) }
    guard request.readable.count >= 24 else { return ScriptedReply() }
    let choice = decisions.byte()
    var bytes = [UInt8](repeating: 0, count: 24)
    bytes[1] = 0x11
    bytes.replaceSubrange(4..<16, with: request.readable[4..<16])
    switch request.readable[0] {
    case 0x00:
      bytes[0] = 1
      for index in 0..<16 { bytes += Self.display(index, decisions) }
    case 0x0a:
      bytes[0] = 4
      bytes += Self.edid(decisions)
    default: break
    }
    bytes = Array(bytes.prefix(room))
    switch choice {
    case 0..<200: return ScriptedReply(bytes: bytes)
    case 200..<215: bytes[Int(decisions.byte() % 24)] = decisions.byte()
    case 215..<230: (bytes[0], bytes[1]) = (decisions.byte() & 7, 0x12)
    default: return ScriptedReply(writes: [(0, bytes)], usedLength: decisions.word() & 0x7ff)
    }
    return ScriptedReply(bytes: bytes)
  }

  private static func display(_ index: Int, _ decisions: Decisions) -> [UInt8] {
    var words: [UInt32] = [0, 0, 640, 480, index == 0 ? 1 : 0, 0]
    let choice = decisions.byte()
    if choice > 200 { words[Int(choice) % 6] = decisions.word() }
    return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
  }

  /// Its size, and one or two blocks whose checksums are mostly right.
  private static func edid(_ decisions: Decisions) -> [UInt8] {
    let bytes = EDIDTarget.description(decisions)
    let size = decisions.byte() < 220 ? UInt32(bytes.count) : decisions.word()
    let head = (0..<4).map { UInt8(truncatingIfNeeded: size >> UInt32(8 * $0)) } + [0, 0, 0, 0]
    return head + bytes + [UInt8](repeating: 0, count: 1024 - bytes.count)
  }

  /// Everything that a driver of displays does, in any order.
  public func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    var waiter = session.waiter
    guard var gpu = try? GPUDevice(transport, options: Self.options, waiter: &waiter) else {
      return session.bringUpFailed()
    }
    session.serveInterrupts(gpu.makeInterruptHandle())
    var life = GPULife()
    session.forEachCall { life.call($0, &gpu, &waiter, session.decisions) }
    let isOver = (try? gpu.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    gpu.poll()
    let inFlight = gpu.controlState.inFlight + gpu.cursorState.inFlight
    if isOver, inFlight != 0 { session.report("\(inFlight) commands in flight after a reset") }
    let known = life.surfaces.reduce(0) { $0 + $1.byteCount }
    if gpu.surfaceByteCount < known { session.report("\(gpu.surfaceByteCount) bytes of surfaces, expected \(known)") }
    life.findings.forEach(session.report)
  }

  private static var options: GPUOptions {
    var options = GPUOptions()
    options.maximumSurfaces = 4
    return options
  }

  /// A picture arrives pixel by pixel.
  public func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    var waiter = session.waiter
    var gpu = try GPUDevice(transport, options: Self.options, waiter: &waiter)
    let surface = try gpu.makeSurface(width: 5, height: 3, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    try gpu.draw(on: surface) { canvas in
      for y in 0..<3 { for x in 0..<5 { canvas.set(x: x, y: y, to: Color(UInt32(1 + x + 16 * y))) } }
    }
    try gpu.present(surface, waiter: &waiter)
    let isSame = (0..<15).allSatisfy { model.pixel($0 % 5, $0 / 5) == UInt32(1 + $0 % 5 + 16 * ($0 / 5)) }
    if !isSame { session.report("after a reset another picture is shown") }
  }
}
