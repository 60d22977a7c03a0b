/// What a queue counted since it was made.
@frozen
public struct QueueCounters: Equatable, Sendable {
  /// Times that the bell was rung.
  public var notifications: UInt64 = 0
  /// Used elements whose length was above what the device was allowed to write; it was cut down.
  public var falseLengths: UInt64 = 0
  /// The last of those lengths, in bytes; 0 when there was none.
  public var lastFalseLength: UInt32 = 0

  /// Nothing counted yet.
  public init() {}
}
