internal import DevicePlatform

extension QueueAreas {
  /// The page number by which a legacy device is told where a queue is.
  ///
  /// - Parameters:
  ///   - index: the queue, for errors.
  ///   - size: the queue's.
  ///   - pageByteCount: the unit of the number and the alignment of the used ring, a power of two of at least 4096.
  /// - Throws: `.queueAddressUnreachable` for an address that has no such number.
  ///
  /// SPEC: Basic Facilities of a Virtio Device / Virtqueues / Legacy Interfaces: A Note on Virtqueue Layout
  package func legacyPageNumber(
    ofQueue index: UInt16, size: UInt16, pageByteCount page: UInt64
  ) throws(TransportError) -> UInt32 {
    let start = descriptors.rawValue
    let highest = RingRequirements.legacy.highestAddress
    // Page number 0 means "not in use", so the page at address 0 cannot hold a queue.
    guard start >= page, start <= highest, let number = UInt32(exactly: start / page) else {
      throw .queueAddressUnreachable(index: index, address: start, highest: highest)
    }
    // The device computes the other two areas itself, from size and alignment.
    let driver = start + 16 * UInt64(size)
    let device = (driver + 6 + 2 * UInt64(size) + page - 1) & ~(page - 1)
    precondition(
      start & (page - 1) == 0 && self.driver.rawValue == driver && self.device.rawValue == device,
      "the queue of a legacy device is one contiguous piece that starts on a page")
    return number
  }
}
