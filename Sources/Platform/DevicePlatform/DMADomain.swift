/// One set of DMA memory: a number that fits into a buffer, and the way from that number back to the memory's owner.
///
/// A buffer holds no reference, so that moving it through a ring costs no reference counting. Instead, the owner is
/// kept alive here while any of its buffers exists.
struct DMADomain: Sendable {
  let id: UInt32

  private struct Entry {
    var isOpen = false
    var buffers = 0
    var lost = 0
    var owner: (any DMAOwner)?
  }

  private static let table = SpinLock<[Entry]>([])

  /// Starts a domain with a number that no living buffer carries.
  static func open() -> DMADomain {
    table.withLock { table in
      // A domain with lost buffers keeps its number: the device may still write there.
      if let free = table.firstIndex(where: { !$0.isOpen && $0.buffers == 0 }) {
        table[free] = Entry(isOpen: true)
        return DMADomain(id: UInt32(free))
      }
      table.append(Entry(isOpen: true))
      return DMADomain(id: UInt32(table.count - 1))
    }
  }

  /// The owner is going away; all its buffers have gone before, for they kept it alive.
  func close() { Self.table.withLock { $0[Int(id)].isOpen = false } }

  /// A buffer was made.
  func retainOwner(_ owner: any DMAOwner) {
    Self.table.withLock {
      $0[Int(id)].buffers += 1
      $0[Int(id)].owner = owner
    }
  }

  /// A buffer was dropped: its memory goes back to the owner.
  @unsafe static func reclaim(id: UInt32, address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {
    let owner: (any DMAOwner)? = table.withLock {
      $0[Int(id)].buffers -= 1
      let owner = $0[Int(id)].owner
      if $0[Int(id)].buffers == 0 { $0[Int(id)].owner = nil }
      return owner
    }
    // Outside the lock: this may be the owner's last reference, and its `deinit` closes the domain.
    unsafe owner?.reclaim(address: address, deviceAddress: deviceAddress, byteCount: byteCount)
  }

  /// A buffer is lost: it stays allocated, and so does its owner.
  static func lose(id: UInt32) { table.withLock { $0[Int(id)].lost += 1 } }

  var lostCount: Int { Self.table.withLock { $0[Int(id)].lost } }
}
