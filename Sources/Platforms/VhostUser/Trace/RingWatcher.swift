import DevicePlatform
import Synchronization
import VirtIO

extension VhostUserDevice {
  /// Tells the trace what has become of the rings since the last look: chains that were made available, and chains that
  /// were used. Called by bells and waiters; a caller that only looks should call it after each publication, and before
  /// taking a completion, and after that once more, late. Costs nothing without a trace.
  public func observeRings() { observeRings(isLate: false) }

  /// Whether there is a trace: for a caller that looks so often that a call for nothing would tell.
  public var isTraced: Bool { options.trace != nil }

  /// The same.
  ///
  /// - Parameter isLate: the driver may have taken what was used since the last look, and have made its status ready for
  ///   the next request: then the line is without what the device wrote, rather than with something else.
  public func observeRings(isLate: Bool) {
    guard options.trace != nil else { return }
    session.withLock { $0.observeRings(isLate: isLate) }
  }
}

extension Session {
  mutating func observeRings(isLate: Bool) {
    guard let trace = options.trace else { return }
    for position in queues.indices {
      guard let areas = queues[position].areas, queues[position].size > 0 else { continue }
      let (name, mask) = (queues[position].index, UInt64(queues[position].size) - 1)
      // Both rings are within the back-end's reach, and so is each number in them.
      let available = word16(areas.driver.rawValue + 2)
      queues[position].seenAvailable = firstShown("available", queues[position].seenAvailable, available, position)
      while queues[position].seenAvailable != available {
        let index = queues[position].seenAvailable
        let head = word16(areas.driver.rawValue + 4 + 2 * (UInt64(index) & mask))
        let chain = chain(head, areas.descriptors.rawValue, count: mask + 1)
        trace("  queue \(name): available \(index): chain \(head): \(chain.map(words).joined(separator: ", "))")
        queues[position].seenAvailable = index &+ 1
      }
      let used = word16(areas.device.rawValue + 2)
      // A device that lies about its index has not used more than there is.
      if available &- used > UInt16(truncatingIfNeeded: mask) + 1, used != queues[position].seenUsed {
        trace("  queue \(name): used.idx \(used), although only \(available) were made available")
        queues[position].seenUsed = used
      }
      queues[position].seenUsed = firstShown("used", queues[position].seenUsed, used, position)
      while queues[position].seenUsed != used {
        let index = queues[position].seenUsed
        let element = areas.device.rawValue + 4 + 8 * (UInt64(index) & mask)
        let (id, length) = (word32(element), word32(element + 4))
        let segments =
          isLate ? [] : chain(UInt16(truncatingIfNeeded: id), areas.descriptors.rawValue, count: mask + 1)
        let written = segments.filter { $0.isWritable && $0.byteCount <= Self.shownByteCount }.map { contents($0) }
        trace(
          "  queue \(name): used \(index): chain \(id), \(length) bytes written"
            + (written.isEmpty ? "" : ", " + written.joined(separator: " ")))
        queues[position].seenUsed = index &+ 1
      }
    }
  }

  /// Of entries that were overwritten since the last look only the number is told.
  private func firstShown(_ ring: String, _ seen: UInt16, _ index: UInt16, _ position: Int) -> UInt16 {
    let (name, size) = (queues[position].index, queues[position].size)
    let behind = index &- seen
    if behind <= size { return seen }
    options.trace?("  queue \(name): \(ring) \(seen): \(behind - size) more that are overwritten")
    return index &- size
  }

  private static let shownByteCount: UInt32 = 32

  private struct Segment {
    let address: UInt64
    let byteCount: UInt32
    let isWritable: Bool
  }

  /// The segments of a chain, its table resolved; at most as many as the queue has entries. A back-end can write all of
  /// it: addresses wrap around, and a table in a table is not followed.
  private func chain(_ head: UInt16, _ table: UInt64, count: UInt64) -> [Segment] {
    var result: [Segment] = []
    var (table, index, limit, isInTable) = (table, UInt64(head), count, false)
    while result.count < count, index < limit {
      let descriptor = table &+ 16 &* index
      let (address, byteCount) = (word64(descriptor), word32(descriptor &+ 8))
      let (flags, next) = (word16(descriptor &+ 12), word16(descriptor &+ 14))
      if flags & 4 != 0 {
        if isInTable { break }
        (table, index, limit, isInTable) = (address, 0, UInt64(byteCount) / 16, true)
        continue
      }
      result.append(Segment(address: address, byteCount: byteCount, isWritable: flags & 2 != 0))
      if flags & 1 == 0 { break }
      index = UInt64(next)
    }
    return result
  }

  private func words(_ segment: Segment) -> String {
    let side = segment.isWritable ? "to write" : "to read"
    let isShown = !segment.isWritable && segment.byteCount <= Self.shownByteCount
    return "\(segment.byteCount) bytes \(side) at 0x\(String(segment.address, radix: 16))"
      + (isShown ? " " + contents(segment) : "")
  }

  private func contents(_ segment: Segment) -> String {
    let bytes = (0..<UInt64(segment.byteCount)).map { offset -> String in
      let byte = word8(segment.address &+ offset)
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "[\(bytes.joined(separator: " "))]"
  }

  // Shared memory, read as it is at the moment; 0 outside of it. The regions stay mapped as long as they are known here.
  private func word8(_ device: UInt64) -> UInt8 {
    memory.localAddress(of: device, 1).map { unsafe memory.access.load8($0) } ?? 0
  }
  private func word16(_ device: UInt64) -> UInt16 {
    guard device & 1 == 0 else { return 0 }
    return memory.localAddress(of: device, 2).map { unsafe memory.access.loadAcquiring16($0) } ?? 0
  }
  private func word32(_ device: UInt64) -> UInt32 {
    guard device & 3 == 0 else { return 0 }
    return memory.localAddress(of: device, 4).map { unsafe memory.access.load32($0) } ?? 0
  }
  private func word64(_ device: UInt64) -> UInt64 { UInt64(word32(device)) | UInt64(word32(device &+ 4)) << 32 }
}
