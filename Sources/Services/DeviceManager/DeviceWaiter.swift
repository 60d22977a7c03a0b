public import DevicePlatform

/// Waits as the machine wants it for one device: one indirect call for each wait, none for a request that need not wait.
public struct DeviceWaiter: Waiter {
  private let source: any WaitSource

  /// A waiter of the machine's making.
  public init(_ source: any WaitSource) { self.source = source }

  /// The present moment.
  public var now: MonotonicTime { source.now }
  /// Waits until something may have happened.
  public mutating func wait(until deadline: MonotonicTime) { source.wait(until: deadline) }
  /// Something that was asked of the device is done, see `WaitSource.noteProgress`.
  public func noteProgress() { source.noteProgress() }
}

/// What a `DeviceWaiter` asks: `Waiter`, for objects.
public protocol WaitSource: AnyObject {
  /// The present moment.
  var now: MonotonicTime { get }
  /// Waits until something may have happened or until `deadline`; may return early.
  func wait(until deadline: MonotonicTime)
  /// Something that was asked of the device is done: its interrupts were worth it. For a machine that masks lines which
  /// fire again and again for nothing.
  func noteProgress()
}

/// An object out of a waiter.
public final class WaiterSource<W: Waiter>: WaitSource {
  private var waiter: W

  /// An object that waits as `waiter` does.
  public init(_ waiter: W) { self.waiter = waiter }

  /// The present moment.
  public var now: MonotonicTime { waiter.now }
  /// Waits until something may have happened.
  public func wait(until deadline: MonotonicTime) { waiter.wait(until: deadline) }
  /// Nobody counts.
  public func noteProgress() {}
}
