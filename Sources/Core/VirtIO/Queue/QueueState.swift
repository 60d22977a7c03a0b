/// A queue as it is at one moment, to look at: for tools and logs.
public struct QueueState: Equatable, Sendable {
  /// The queue's number.
  public let index: UInt16
  /// Entries of the ring.
  public let size: Int
  /// How many requests can be in flight.
  public let capacity: Int
  /// How many are.
  public let inFlight: Int
  /// Available index as the driver counts it, modulo 65 536.
  public let availableIndex: UInt16
  /// Used index as the driver counts it, modulo 65 536.
  public let usedIndex: UInt16
  /// Where the device finds the queue.
  public let areas: QueueAreas
  /// What was counted.
  public let counters: QueueCounters
  /// Bytes of memory that the queue uses, shared and private.
  public let byteCount: Int
  /// How the device broke the rules, if it did.
  public let fault: QueueFault?

  /// The present state of `queue`.
  public init<T: Transport & ~Copyable>(_ queue: borrowing Virtqueue<T>) {
    index = queue.index
    size = queue.size
    capacity = queue.capacity
    inFlight = queue.inFlight
    (availableIndex, usedIndex) = queue.indices
    areas = queue.areas
    counters = queue.counters
    byteCount = queue.byteCount
    fault = queue.fault
  }
}
