#if os(none)
  internal import CBareMetal

  /// The heap behind Swift's own allocations, at this moment.
  public struct HeapUse: Sendable {
    /// Bytes in living blocks, with their headers.
    public let bytes: UInt
    /// Living blocks.
    public let blocks: UInt
    /// The largest block that could be allocated.
    public let largestFree: UInt
    /// True when the heap's own structure holds together.
    public let isConsistent: Bool

    /// Walks the whole heap.
    public static var now: HeapUse {
      // The heap is the C side's one static object.
      let heap = unsafe vireo_system_heap()!
      return unsafe HeapUse(
        bytes: UInt(heap.pointee.bytes_in_use), blocks: UInt(heap.pointee.blocks_in_use),
        largestFree: UInt(vireo_heap_largest_free(heap)), isConsistent: vireo_heap_check(heap) == 0)
    }
  }
#endif
