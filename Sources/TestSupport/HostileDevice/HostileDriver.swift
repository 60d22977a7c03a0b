public import VirtIO
public import VirtIOTestSupport

/// What the first bytes of an input choose.
public struct HostileSetup {
  /// Of the ring: EVENT_IDX, INDIRECT_DESC.
  public var features: FeatureSet
  /// Its two lowest bits have chosen `features`; the rest is the device type's.
  public var choice: UInt8
  /// The largest size of each queue.
  public var queueSize: UInt32
  /// 1 ... 4.
  public var segments: Int
  /// The memory that the device reaches.
  public var heap: DeviceHeap
  /// A device of the drafts before version 1.
  public var isLegacy: Bool
}

/// A driver with a hostile device: how it lives, and how it is seen to serve after a reset.
///
/// In both lives the transport is dropped at the end, and with it the device.
public protocol HostileDriver {
  /// Makes the device.
  init(_ setup: HostileSetup)
  /// The device when it behaves.
  var device: ScriptedDevice { get }
  /// How it answers a request while it does not.
  func answer(_ request: ScriptedRequest, _ decisions: Decisions) -> ScriptedReply
  /// Uses the driver as the decisions have it, until there are none left.
  func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession)
  /// Brings the driver up again, with a device that behaves, and reports when it does not do what it is for.
  func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws
}

extension HostileDriver {
  /// Any status in the last byte, and any length, to a request of any shape.
  public func answer(_ request: ScriptedRequest, _ decisions: Decisions) -> ScriptedReply {
    let count = request.writableByteCount
    if count == 0 { return ScriptedReply() }
    let choice = decisions.byte()
    let status: UInt8 = choice < 200 ? 0 : decisions.byte()
    return ScriptedReply(
      writes: [(count - 1, [status])],
      usedLength: choice & 1 == 0 ? UInt32(truncatingIfNeeded: count) : decisions.word())
  }
}
