public import VirtIO

/// What a machine gives to the device in one of its places, and to the driver. The kernel implements it: one object for
/// each place, as long as the place exists.
public protocol DeviceSlot: AnyObject {
  /// How to wait while a device is brought up, which has nothing that interrupts.
  var polling: DeviceWaiter { get }
  /// How the device is waited for at the moment, for the log: `polled`, `interrupt line 24`.
  var waitingWords: String { get }
  /// What is known of the device's interrupts at the moment; nil when it is polled.
  var interrupts: InterruptObservation? { get }
  /// Has the device's interrupts arrive.
  ///
  /// - Parameters:
  ///   - handle: the device's interrupt side, by its line; of messages its mailbox is all that counts.
  ///   - name: what the device is called.
  /// - Returns: how to wait for the device from now on; nil when its interrupts cannot be had, and it is to be polled.
  func connect(_ handle: InterruptHandle<AnyInterruptSource>, name: String) -> DeviceWaiter?
  /// The device was not brought up. Whether to try once more, with another transport of the same place: as when it takes
  /// no interrupt messages and may have a line.
  func isWorthAnotherTry(after error: BringupError) -> Bool
  /// Nobody drives the device any more: what `connect` and the transport had is free.
  func release()
}

/// The interrupt source of any transport: one indirect call for each interrupt.
public struct AnyInterruptSource: InterruptSource {
  private let box: any InterruptSourceBox

  /// A source without its type.
  public init<Source: InterruptSource>(_ source: Source) { box = SourceBox(source) }

  /// Reads and acknowledges the reasons.
  public func acknowledge() -> DeviceEvents { box.acknowledge() }
}

private protocol InterruptSourceBox: AnyObject, Sendable {
  func acknowledge() -> DeviceEvents
}

private final class SourceBox<Source: InterruptSource>: InterruptSourceBox {
  private let source: Source
  init(_ source: Source) { self.source = source }
  func acknowledge() -> DeviceEvents { source.acknowledge() }
}

extension InterruptHandle {
  /// The same interrupt side without its source's type.
  public var erased: InterruptHandle<AnyInterruptSource> {
    InterruptHandle<AnyInterruptSource>(source: AnyInterruptSource(source), mailbox: mailbox)
  }
}
