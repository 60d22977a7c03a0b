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
  /// What decides, and what is told of findings.
  public let adversary: Adversary
  /// What the kernel does at an interrupt.
  public var onInterrupt: () -> Void = {}
  private var decisions: Decisions { adversary.decisions }
  private let configuration: [UInt8]
  private let handlers: [ScriptedDevice.Handler]
  private let manual: [Bool]

  /// A hostile device around a good one.
  ///
  /// - Parameter answer: what becomes of a request.
  public init(
    _ device: ScriptedDevice, _ adversary: Adversary,
    answer: @escaping (ScriptedRequest, Decisions) -> ScriptedReply
  ) {
    self.device = device
    self.adversary = adversary
    configuration = device.configuration
    handlers = (0..<device.queueCount).map { device.handler(queue: $0) }
    manual = (0..<device.queueCount).map { device.isManual(queue: $0) }
    device.trace.isOn = false
    let decisions = adversary.decisions
    for index in 0..<device.queueCount {
      let isManual = manual[index]
      device.setHandler(queue: index) { [unowned device] request, _ in
        // Nothing more to decide: what a device tells of its own accord ends, or a driver that listens never would.
        if decisions.isOver { device.setManual(isManual, queue: index) }
        return answer(request, decisions)
      }
    }
    adversary.usesMemory = { [unowned device] in device.status.contains(.driverOK) }
    adversary.move = { [unowned self] choice in move(choice) }
  }

  /// From now on the device behaves, and is what it was.
  public func behave() {
    decisions.stop()
    device.hostility = Hostility()
    if device.configuration != configuration { device.changeConfiguration(at: 0, to: configuration) }
    for index in 0..<device.queueCount {
      device.setManual(manual[index], queue: index)
      device.setHandler(queue: index, handlers[index])
    }
  }

  /// One of the queues that there are; drawn only where there is a choice.
  private func pickQueue() -> Int { device.queueCount == 1 ? 0 : Int(decisions.byte()) % device.queueCount }

  private func move(_ choice: UInt8) {
    if choice < 45 { return moveRing(choice, pickQueue()) }
    switch choice {
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
    case 60: device.setManual(decisions.byte() & 1 != 0, queue: pickQueue())
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

  private func moveRing(_ choice: UInt8, _ queue: Int) {
    guard device.isEnabled(queue: queue), device.queueSize(queue) != 0 else { return }
    switch choice {
    case 40: device.writeUsedElement(queue: queue, id: UInt32(decisions.byte()), length: decisions.word())
    case 41: device.writeUsedElement(queue: queue, id: decisions.word(), length: decisions.word())
    case 42: device.replayUsedElement(queue: queue)
    case 43: device.jumpUsedIndex(queue: queue, by: Int16(Int8(bitPattern: decisions.byte())))
    case 44: device.jumpUsedIndex(queue: queue, by: Int16(truncatingIfNeeded: decisions.word()))
    default:
      device.poll(queue: queue)
      let count = device.pending(queue: queue).count
      if count != 0 { device.complete(queue: queue, at: Int(decisions.byte()) % count) }
    }
  }

  private func toggled(_ value: UInt32?) -> UInt32? { value == nil ? decisions.word() : nil }
}
