public import DevicePlatform

/// How far the checks go.
public struct PlatformCheckLimits: Sendable {
  /// The most that is reserved at one time, in bytes: at least 1 MiB. The provider need not have so much.
  public var byteCount: Int = 64 << 20
  /// The size of the range that must be had in one piece, in bytes. 80 KiB are the blocks of a disk with 256 requests.
  public var largeByteCount: Int = 256 << 10
  /// The largest alignment that is asked for, in bytes: a power of two. Legacy devices need 4096.
  public var alignment: Int = 65_536
  /// How much later than its deadline a wait may end.
  public var lateness: TimeSpan = .milliseconds(50)
  /// How often ranges are reserved and released, shared and unshared again.
  public var rounds: Int = 4_096

  /// Limits that suit a kernel with some MiB of memory for devices.
  public init() {}
}
