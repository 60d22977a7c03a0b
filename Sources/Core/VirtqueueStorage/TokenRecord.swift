public import DevicePlatform

/// One slot, in one cache line: the words of the payload that the device may use at the moment, what is known about the
/// request, and what is constant about the chain.
@frozen
@usableFromInline
struct TokenRecord: BitwiseCopyable, Sendable {
  @usableFromInline var payload: RawDMABuffer
  @usableFromInline var info: TokenInfo
  @usableFromInline var link: ChainLink
  /// While the slot is free: the next free slot.
  @usableFromInline var nextFree: UInt32

  init() {
    payload = .none
    info = TokenInfo(bits: 0)
    link = ChainLink(descriptor: 0, rest: 0, block: 0, segments: 0)
    nextFree = FreeList.end
  }
}

/// A slot's chain as it was linked last. A chain of one data segment is linked beforehand, so that a request writes one
/// descriptor only, whatever surrounds it.
@frozen
@usableFromInline
struct ChainLink: BitwiseCopyable, Sendable {
  /// Address of the first data descriptor, in the ring or in the slot's table.
  @usableFromInline let descriptor: UInt
  /// Flags and next of that descriptor, for one data segment that the device reads.
  @usableFromInline let rest: UInt64
  /// Address of the slot's block: header, status, table.
  @usableFromInline let block: UInt
  /// Data segments that header, status and table length are linked for: 1, unless a request with another number is in
  /// flight.
  @usableFromInline let segments: UInt32

  @inlinable
  init(descriptor: UInt, rest: UInt64, block: UInt, segments: UInt32) {
    self.descriptor = descriptor
    self.rest = rest
    self.block = block
    self.segments = segments
  }
}

/// A slot's state in one word, so that it moves in one access. Zero: nothing in flight.
@frozen
@usableFromInline
package struct TokenInfo: BitwiseCopyable, Sendable {
  @usableFromInline var bits: UInt64

  @inlinable @inline(__always)
  init(bits: UInt64) { self.bits = bits }

  /// A request on its way. Bit 63: its chain is the one that every slot is linked for; bit 62: it is another one.
  @inlinable @inline(__always)
  package init(writable: UInt32, tag: UInt16, isOrdinary: Bool) {
    bits = UInt64(writable) | UInt64(tag) &<< 32 | (isOrdinary ? 0b10 : 0b01) &<< 62
  }

  /// The info of an ordinary request to which the device writes nothing but its status. To be made once for a queue.
  @usableFromInline package init(statusByteCount: UInt32) { bits = UInt64(statusByteCount) | 1 &<< 63 }

  /// The same with a tag, and with so many more bytes that the device may write.
  @inlinable @inline(__always)
  package func adding(writable: UInt32, tag: UInt16) -> TokenInfo {
    TokenInfo(bits: bits &+ UInt64(writable) &+ UInt64(tag) &<< 32)
  }

  /// While in flight: bytes that the device may write. Once finished: bytes that it did write.
  @inlinable @inline(__always)
  package var byteCount: UInt32 { UInt32(truncatingIfNeeded: bits) }
  /// The driver's own mark.
  @inlinable @inline(__always)
  package var tag: UInt16 { UInt16(truncatingIfNeeded: bits &>> 32) }
  /// The status byte of a finished request.
  @inlinable
  package var status: UInt8 { UInt8(truncatingIfNeeded: bits &>> 48) }
  /// The device has it.
  @inlinable @inline(__always)
  package var isInFlight: Bool { bits &>> 62 != 0 }
  /// The device has it, and its chain is the one that every slot is linked for: one data segment.
  @inlinable @inline(__always)
  package var isOrdinary: Bool { Int64(bitPattern: bits) < 0 }
  /// In flight, or finished and not yet handed over.
  @inlinable
  package var isUsed: Bool { bits != 0 }

  /// The same request, finished.
  @inlinable
  package func finished(written: UInt32, status: UInt8) -> TokenInfo {
    TokenInfo(bits: bits & 0xffff_0000_0000 | 1 &<< 61 | UInt64(written) | UInt64(status) &<< 48)
  }
}
