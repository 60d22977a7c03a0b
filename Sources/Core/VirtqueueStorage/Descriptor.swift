/// One descriptor of a split ring or an indirect table, built in registers and written in two stores. Only the driver
/// writes descriptors, and never reads them back.
///
/// SPEC: Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Descriptor Table
@frozen
@usableFromInline
struct Descriptor {
  @usableFromInline let address: UInt64
  @usableFromInline let length: UInt32
  @usableFromInline let flags: Flags

  @inlinable @inline(__always)
  init(_ address: UInt64, _ length: UInt32, _ flags: Flags) {
    self.address = address
    self.length = length
    self.flags = flags
  }

  /// The second eight bytes: length, flags, next.
  @inlinable @inline(__always)
  func rest(next: UInt32) -> UInt64 {
    UInt64(length) | UInt64(flags.rawValue) &<< 32 | UInt64(next) &<< 48
  }

  @frozen
  @usableFromInline
  struct Flags {
    @usableFromInline let rawValue: UInt16
    @inlinable @inline(__always)
    init(_ rawValue: UInt16) { self.rawValue = rawValue }

    /// The device reads, and the chain ends here.
    @inlinable static var none: Flags { @inline(__always) get { Flags(0) } }
    /// The VirtIO constant is `VIRTQ_DESC_F_NEXT`.
    @inlinable static var next: Flags { @inline(__always) get { Flags(1) } }
    /// The VirtIO constant is `VIRTQ_DESC_F_WRITE`.
    @inlinable static var write: Flags { @inline(__always) get { Flags(2) } }
    /// The VirtIO constant is `VIRTQ_DESC_F_INDIRECT`.
    @inlinable static var indirect: Flags { @inline(__always) get { Flags(4) } }

    @inlinable @inline(__always)
    func with(_ other: Flags) -> Flags { Flags(rawValue | other.rawValue) }
  }
}
