import DevicePlatform
import InputEvents
import VirtIO
import VirtIOInput
public import VirtIOTestSupport

/// The input driver: its description, events in any order and of any length, lights and effects.
public struct InputTarget: HostileDriver {
  /// The device when it behaves.
  public var device: ScriptedDevice { model.device }
  private let model: InputModel
  private let options: InputOptions

  /// A keyboard, or something with axes.
  public init(_ setup: HostileSetup) {
    model = InputModel(
      features: setup.features, queueSize: setup.queueSize, heap: setup.heap, isLegacy: setup.isLegacy)
    model.makeKeyboard()
    if setup.choice & 4 != 0 {
      model.setCodes(3, [0, 1, 0x35])
      model.setAxis(0, [0, 1000, 0, 0, 0])
      model.setAxis(1, [-5, 5, 1, 1, 1])
    }
    if setup.choice & 8 != 0 { model.setCodes(0x15, [0x50, 0x60]) }
    var options = InputOptions()
    options.queueSize = 8 * setup.segments
    options.joinsMotion = setup.choice & 16 == 0
    self.options = options
  }

  /// An event of any kind and length.
  public func answer(_ request: ScriptedRequest, _ decisions: Decisions) -> ScriptedReply {
    let choice = decisions.byte()
    let room = request.writableByteCount
    if room == 0 { return ScriptedReply(writes: [], usedLength: choice < 240 ? 0 : decisions.word()) }
    // Types and codes that there are, most of the time; ends of frames often.
    var event: [UInt8] = [choice & 3, 0, decisions.byte() & 0x3f, 0, decisions.byte(), 0, 0, 0]
    if choice & 0x18 == 0x18 { event = [0, 0, choice & 4 == 0 ? 0 : 3, 0, 0, 0, 0, 0] }
    if choice & 0xc0 == 0xc0 { event[Int(decisions.byte() & 7)] = decisions.byte() }
    return ScriptedReply(
      writes: [(0, Array(event.prefix(room)))], usedLength: choice & 0x20 == 0 ? 8 : UInt32(decisions.byte() & 15))
  }

  /// Frames out, lights in.
  public func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    var waiter = session.waiter
    guard var input = try? EventDevice(transport, options: options, waiter: &waiter) else {
      return session.bringUpFailed()
    }
    session.serveInterrupts(input.makeInterruptHandle())
    check(input.description, session)
    var frame = InputFrame()
    session.forEachCall { choice in
      switch choice & 7 {
      case 0...3: if input.nextFrame(&frame) { check(frame, session) }
      case 4: try? input.set(choice & 8 == 0 ? .capsLock : .scrollLock, isOn: choice & 16 != 0)
      case 5: try? input.send(InputEvent(.effect, code: UInt16(choice), value: Int32(choice)))
      case 6: if input.reclaim() > 8 { session.report("more than eight events on their way") }
      default:
        _ = input.arm()
        if choice & 8 != 0 { input.disarm() }
      }
    }
    let isOver = (try? input.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    for _ in 0..<1000 where input.nextFrame(&frame) { check(frame, session) }
    if isOver, input.nextFrame(&frame) { session.report("a device that was reset goes on telling") }
  }

  private func check(_ description: InputDescription, _ session: HostileSession) {
    if description.name.unicodeScalars.count > 128 || description.serial.unicodeScalars.count > 128 {
      session.report("a name longer than the configuration")
    }
    for code in UInt16(0)...0x3f {
      guard let axis = description.axis(code) else { continue }
      if axis.minimum > axis.maximum { session.report("axis \(code) from \(axis.minimum) to \(axis.maximum)") }
      let position = axis.position(of: Int32(truncatingIfNeeded: session.decisions.word()), on: 640)
      if position < 0 || position >= 640 { session.report("axis \(code): \(position) of 640") }
    }
  }

  private func check(_ frame: InputFrame, _ session: HostileSession) {
    if frame.frameCount < 1 || frame.count > InputFrame.limit || frame.isEmpty && !frame.isOverrun {
      session.report("\(frame.frameCount) frames with \(frame.count) events")
    }
    for event in frame where event.type == .synchronization || !event.isKnown {
      session.report("event of type \(event.type.rawValue) with code \(event.code)")
    }
  }

  /// The device tells its name; a key goes down; a light goes on.
  public func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    var waiter = session.waiter
    var input = try EventDevice(transport, options: options, waiter: &waiter)
    if input.description.name != "scripted input" { session.report("after a reset it is \(input.description.name)") }
    model.device.setManual(true, queue: 0)
    model.send([[1, 30, 1]])
    var frame = InputFrame()
    // A queue of one entry is read in between.
    var isDone = input.nextFrame(&frame)
    model.send([[0, 0, 0]])
    if !isDone { isDone = input.nextFrame(&frame) }
    if !isDone || Array(frame) != [InputEvent(.key, code: 30, value: 1)] {
      session.report("after a reset a key is not heard")
    }
    let before = model.told.count
    try input.set(.capsLock, isOn: true)
    if model.told.dropFirst(before) != [[0x11, 1, 1]] { session.report("after a reset a light does not go on") }
  }
}
