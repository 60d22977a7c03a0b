import DevicePlatform
import Testing

@testable import VirtIO
@testable import VirtIOTestSupport

extension QueueBench {
  /// Brings both sides, and the ring's memory, to where they are after `position` requests.
  mutating func startCounting(at position: UInt32) throws {
    precondition(queue.inFlight == 0, "requests are in flight")
    queue.next = position
    queue.published = position
    queue.lastUsed = position
    queue.seenUsed = position
    let index = UInt16(truncatingIfNeeded: position)
    device.queues[0].nextAvailable = index
    device.queues[0].usedIndex = index
    let bytes = [UInt8(truncatingIfNeeded: index), UInt8(truncatingIfNeeded: index >> 8)]
    try heap.write(bytes[...], at: queue.areas.driver.rawValue + 2)
    try heap.write(bytes[...], at: queue.areas.device.rawValue + 2)
    // avail_event: the next one.
    try heap.write(bytes[...], at: queue.areas.device.rawValue + 4 + 8 * UInt64(queue.size))
  }
}
