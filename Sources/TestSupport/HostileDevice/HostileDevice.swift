import VirtIO
public import VirtIOTestSupport

/// A device that may do anything at every access of its driver: to rings, slots and buffers in memory, to its registers,
/// its configuration and its capabilities. What it does is drawn from bytes.
///
/// Underneath is a scripted device, so that most of the time requests get somewhere.
///
/// Unchecked: used by the one thread that runs driver and device.
public final class HostileDevice: @unchecked Sendable {
  /// The device when it behaves.
  public let device: ScriptedDevice
  /// What it decides by.
  public let decisions: Decisions
  /// What the driver did that it must not do, whatever the device does.
  public private(set) var findings: [String] = []
  /// Accesses of the driver so far.
  public private(set) var steps = 0
  /// More accesses than this are a hang.
  public let stepLimit: Int
  /// What the kernel does at an interrupt.
  public var onInterrupt: () -> Void = {}
  private var isActing = false
  private var repeats = 0
  private var lastOffset = -1
  private let configuration: [UInt8]

  /// A hostile device around a good one.
  public init(_ device: ScriptedDevice, _ decisions: Decisions, stepLimit: Int = 400_000) {
    self.device = device
    self.decisions = decisions
    self.stepLimit = stepLimit
    configuration = device.configuration
    device.trace.isOn = false
    device.setHandler(queue: 0) { [decisions] request, _ in Self.answer(request, decisions) }
  }

  /// Watches every shared access of drivers that use `observer`, and acts before it.
  public func attach(to observer: AccessObserver) {
    observer.hook = { [unowned self] access, moment in
      guard moment == .before else { return }
      switch access {
      case .fence: break
      case .load(let address, let count), .loadAcquiring(let address, let count), .store(let address, let count, _),
        .storeReleasing(let address, let count, _):
        check(address, count)
      }
      act()
    }
  }

  /// Notes something that must not be.
  public func report(_ finding: String) { findings.append(finding) }

  /// An access to memory that is not shared with the device at this moment is outside of every buffer.
  func check(_ address: UInt, _ byteCount: Int) {
    if !device.heap.isShared(address: address, byteCount: byteCount) {
      report("an access of \(byteCount) bytes outside of all shared memory")
    }
  }

  /// From now on the device behaves, and its configuration is what it was.
  public func behave() {
    decisions.stop()
    device.hostility = Hostility()
    if device.configuration != configuration { device.changeConfiguration(at: 0, to: configuration) }
    device.setManual(false)
    device.setHandler(queue: 0) { request, _ in
      let count = request.writableByteCount
      return ScriptedReply(bytes: Array(repeating: 0x5a, count: max(0, count - 1)) + (count == 0 ? [] : [0]))
    }
  }

  /// A register is read: what the device says, as far as it does not lie.
  func load(_ offset: Int, _ byteCount: Int, _ honest: () -> UInt32) -> UInt32 {
    act()
    repeats = offset == lastOffset ? repeats + 1 : 0
    lastOffset = offset
    // A driver that looks at one register again and again is given up on: all ones, as of a device that is not there.
    if repeats > 2_000 { return .max }
    guard let choice = decisions.next(), choice < 12 else { return honest() }
    switch choice {
    case 0..<4: return UInt32(decisions.byte())
    case 4..<8: return decisions.word()
    case 8: return .max
    case 9: return 0
    default: return honest() ^ (1 << UInt32(decisions.byte() & 31))
    }
  }

  /// One move, or none.
  public func act() {
    if isActing { return }
    steps += 1
    if steps == stepLimit { report("more than \(stepLimit) accesses: a hang") }
    if steps >= stepLimit {
      decisions.stop()
      device.hostility.isAbsent = true
      return
    }
    guard let choice = decisions.next() else { return }
    isActing = true
    move(choice)
    isActing = false
  }

  private func move(_ choice: UInt8) {
    let canUse = device.isEnabled(queue: 0) && device.queueSize(0) != 0
    switch choice {
    case 0..<40 where canUse:
      device.poll()
      let count = device.pending().count
      if count != 0 { device.complete(at: Int(decisions.byte()) % count) }
    case 40 where canUse: device.writeUsedElement(id: UInt32(decisions.byte()), length: decisions.word())
    case 41 where canUse: device.writeUsedElement(id: decisions.word(), length: decisions.word())
    case 42 where canUse: device.replayUsedElement()
    case 43 where canUse: device.jumpUsedIndex(by: Int16(Int8(bitPattern: decisions.byte())))
    case 44 where canUse: device.jumpUsedIndex(by: Int16(truncatingIfNeeded: decisions.word()))
    case 45: device.hostility.usedLength = toggled(device.hostility.usedLength)
    case 46: device.hostility.usedID = toggled(device.hostility.usedID)
    // Rings, tables, slots, buffers: whatever is shared.
    case 47...52: device.heap.scribble(range: decisions.byte(), at: decisions.word(), decisions.byte())
    case 53 where !configuration.isEmpty:
      device.changeConfiguration(at: Int(decisions.byte()) % configuration.count, to: [decisions.byte()])
    case 54: device.raiseNeedsReset()
    case 55: device.setStatus(DeviceStatus(rawValue: decisions.byte()))
    case 56: device.hostility.neverResets.toggle()
    case 57: device.hostility.generationNeverSettles.toggle()
    case 58: device.hostility.ignoresNotifications.toggle()
    case 59: device.hostility.queueMaximum = toggled(device.hostility.queueMaximum)
    case 60: device.setManual(decisions.byte() & 1 != 0)
    case 61: device.hostility.leavesStatusUnwritten.toggle()
    case 62...64: onInterrupt()
    case 65: device.hostility.isAbsent.toggle()
    case 66: device.hostility.slowResetReads = Int(decisions.byte())
    case 67: device.hostility.refusesFeatures.toggle()
    case 68: device.hostility.queuesInUse.toggle()
    case 69: device.hostility.queuesStayDisabled.toggle()
    default: break
    }
  }

  private func toggled(_ value: UInt32?) -> UInt32? { value == nil ? decisions.word() : nil }

  /// An answer of any status and length, to a request of any shape.
  private static func answer(_ request: ScriptedRequest, _ decisions: Decisions) -> ScriptedReply {
    let count = request.writableByteCount
    if count == 0 { return ScriptedReply() }
    let choice = decisions.byte()
    let status: UInt8 = choice < 200 ? 0 : decisions.byte()
    return ScriptedReply(
      writes: [(count - 1, [status])],
      usedLength: choice & 1 == 0 ? UInt32(truncatingIfNeeded: count) : decisions.word())
  }
}
