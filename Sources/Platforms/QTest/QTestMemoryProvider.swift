public import DevicePlatform
import PageRanges
import Synchronization

/// DMA memory of an emulated machine: pages of its RAM, which is mapped here. Sharing is arithmetic.
public final class QTestMemoryProvider: DMAProvider {
  /// The machine's RAM.
  public let memory: GuestMemory
  private let pages: Mutex<PageRanges>

  /// Hands out everything in `memory` but `reservedByteCount` bytes at either end.
  public init(memory: GuestMemory, reservedByteCount: Int) {
    self.memory = memory
    precondition(reservedByteCount >= 0 && 2 * reservedByteCount <= memory.byteCount, "reserved ends")
    let start = memory.base + UInt64(reservedByteCount)
    let end = memory.base + UInt64(memory.byteCount - reservedByteCount)
    pages = Mutex(PageRanges(start == end ? [] : [start..<end]))
  }

  /// Plain loads and stores: the mapping is the RAM itself.
  public var access: DirectAccess { DirectAccess() }

  /// How many bytes are free.
  public var freeByteCount: Int { Int(pages.withLock { $0.freeByteCount }) }

  /// Reserves whole pages.
  public func reserve(byteCount: Int, alignment: Int) -> UInt? {
    // What is aligned for the device is so for the driver only as far as both see the RAM begin at such a multiple.
    let bases = memory.address | UInt(truncatingIfNeeded: memory.base)
    guard bases & UInt(bitPattern: alignment - 1) == 0 else { return nil }
    return pages.withLock { $0.take(byteCount: byteCount, alignment: alignment) }
      .map { memory.address + UInt($0 - memory.base) }
  }

  /// Gives back what `reserve` returned.
  @unsafe public func release(address: UInt, byteCount: Int) {
    pages.withLock { $0.giveBack(memory.base + UInt64(address - memory.address), byteCount: byteCount) }
  }

  /// Where the device sees a range of RAM.
  public func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    DeviceAddress(memory.base + UInt64(address - memory.address))
  }

  /// Nothing to undo.
  @unsafe public func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {}
}

/// DMA memory of an emulated machine.
public typealias QTestMemory = DMAPool<QTestMemoryProvider>
