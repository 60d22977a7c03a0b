import DevicePlatform

/// What a transport does when its device interrupts: says why, and makes the device lower its line.
public protocol InterruptSource: Sendable {
  /// Reads and acknowledges the reasons; none when the interrupt was not this device's. A few register accesses, no
  /// loop, no wait.
  func acknowledge() -> DeviceEvents
}

/// The interrupt side of a device: all that may run in interrupt context.
///
/// It acknowledges the line and leaves events in the mailbox; it touches no queue and no driver. A handler that did
/// would corrupt them in the middle of an operation of their owner. Copies may be called on any CPU.
public struct InterruptHandle<Source: InterruptSource>: Sendable {
  /// Where the events go.
  public let mailbox: EventMailbox
  /// What acknowledges.
  public let source: Source

  /// The interrupt side of one device.
  public init(source: Source, mailbox: EventMailbox) {
    self.source = source
    self.mailbox = mailbox
  }

  /// Handles an interrupt of the device's line.
  ///
  /// - Returns: false when it told nothing. On a shared line that is normal; a line that tells nothing many times in a
  ///   row is the controller's to mask.
  @discardableResult
  public func handleInterrupt() -> Bool {
    let events = source.acknowledge()
    // Nobody who takes the events reads memory from before the device's register was read.
    Barrier.registers()
    if events.isEmpty {
      mailbox.postSpurious()
      return false
    }
    mailbox.post(events)
    return true
  }
}

/// The source of an interrupt that says by its mere arrival what it means: a message of its own for each reason.
public struct MessageSource: InterruptSource {
  let events: DeviceEvents

  /// A message that means `events`. Vectors that are shared mean all that they are shared by.
  public init(meaning events: DeviceEvents) { self.events = events }

  /// What the message means; there is no register to touch.
  ///
  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / ISR status capability
  public func acknowledge() -> DeviceEvents { events }
}

/// The source of a transport that has no interrupts.
public struct NoInterruptSource: InterruptSource {
  /// There is nothing to configure.
  public init() {}
  /// Nothing happened.
  public func acknowledge() -> DeviceEvents { [] }
}
