/// Private memory for a queue's token table: never shared with the device. From the heap, or from the caller.
@safe
public struct TableMemory: ~Copyable, Sendable {
  let address: UInt
  /// Size in bytes.
  public let byteCount: Int
  private let isFromHeap: Bool

  /// Bytes that a queue of `ringSize` entries needs: a record and a list entry each.
  public static func byteCount(ringSize: Int) -> Int { ringSize * (MemoryLayout<TokenRecord>.stride + 2) }

  /// Allocates from the heap.
  public init(ringSize: Int) {
    byteCount = Self.byteCount(ringSize: ringSize)
    address = UInt(bitPattern: UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64))
    isFromHeap = true
  }

  /// Uses the caller's memory, which must stay valid, and be left alone, until the queue is gone.
  ///
  /// - Parameters:
  ///   - unsafeAddress: a multiple of 8, better of 64.
  ///   - byteCount: at least `TableMemory.byteCount(ringSize:)`.
  @unsafe
  public init(unsafeAddress: UInt, byteCount: Int) {
    precondition(unsafeAddress & 7 == 0 && unsafeAddress != 0, "table memory is aligned to 8 bytes")
    address = unsafeAddress
    self.byteCount = byteCount
    isFromHeap = false
  }

  deinit {
    if isFromHeap { unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped.deallocate() }
  }
}
