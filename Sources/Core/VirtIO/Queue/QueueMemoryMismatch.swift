internal import DevicePlatform
public import VirtqueueStorage

/// What is wrong with memory that a caller supplied for a queue.
public enum QueueMemoryMismatch: Equatable, Sendable {
  /// It is laid out for a ring of another size or alignment of the device's area.
  case ring(found: SplitLayout, needed: SplitLayout)
  /// Its slots are made for other requests.
  case slot(found: SlotLayout, needed: SlotLayout)
  /// The ring does not begin where the device can be told that it begins.
  case alignment(address: UInt64, needed: Int)

  /// The first difference between a queue's memory and what it has to be; nil when there is none.
  init?(_ memory: borrowing QueueMemory, _ layout: QueueLayout) {
    let start = memory.descriptorArea.rawValue
    if memory.ringLayout != layout.ring {
      self = .ring(found: memory.ringLayout, needed: layout.ring)
    } else if memory.slotLayout != layout.slot {
      self = .slot(found: memory.slotLayout, needed: layout.slot)
    } else if start & UInt64(layout.ringAlignment - 1) != 0 {
      self = .alignment(address: start, needed: layout.ringAlignment)
    } else {
      return nil
    }
  }

  /// The mismatch in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .ring(let found, let needed):
      "a ring of \(found.size) entries with its device area at \(found.deviceAreaOffset), expected \(needed.size) entries"
        + " and \(needed.deviceAreaOffset)"
    case .slot(let found, let needed):
      "slots for a header of \(found.headerByteCount), a status of \(found.statusByteCount) bytes and"
        + " \(found.maximumSegments) segments\(found.isIndirect ? " in tables" : ""), expected"
        + " \(needed.headerByteCount), \(needed.statusByteCount) and"
        + " \(needed.maximumSegments)\(needed.isIndirect ? " in tables" : "")"
    case .alignment(let address, let needed):
      "the ring begins at \(hex(address)), expected a multiple of \(needed)"
    }
  }
}
