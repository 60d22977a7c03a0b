/// A set of feature bits, 128 wide.
///
/// Device types declare their own bits in extensions of `FeatureSet`; bits 24 to 41 are the same for all.
///
/// SPEC: Basic Facilities of a Virtio Device / Feature Bits
@frozen
public struct FeatureSet: OptionSet, Hashable, Sendable {
  /// The bits, bit 0 the lowest.
  public let rawValue: UInt128
  /// Wraps feature bits.
  public init(rawValue: UInt128) { self.rawValue = rawValue }

  /// The set of one bit, 0 ... 127.
  public init(bit: Int) {
    precondition(0..<128 ~= bit, "feature bits are numbered 0 to 127")
    rawValue = 1 << UInt128(bit)
  }

  /// The bits of one of the 32-bit words that a transport carries, 0 ... 3.
  public init(word index: Int, _ bits: UInt32) {
    precondition(0..<4 ~= index, "a feature set has four words")
    rawValue = UInt128(bits) << UInt128(32 * index)
  }

  /// The 32-bit word number `index`, 0 ... 3.
  public func word(_ index: Int) -> UInt32 {
    precondition(0..<4 ~= index, "a feature set has four words")
    return UInt32(truncatingIfNeeded: rawValue >> UInt128(32 * index))
  }

  /// Headers and data may share descriptors. Legacy devices only, it is a matter of course for others. The VirtIO
  /// constant is `VIRTIO_F_ANY_LAYOUT`.
  public static let anyLayout = FeatureSet(rawValue: 1 << 27)
  /// Chains may live in tables outside the ring. The VirtIO constant is `VIRTIO_F_INDIRECT_DESC`.
  public static let indirectDescriptors = FeatureSet(rawValue: 1 << 28)
  /// Interrupts and notifications are asked for by position. The VirtIO constant is `VIRTIO_F_EVENT_IDX`.
  public static let eventIndex = FeatureSet(rawValue: 1 << 29)
  /// The device complies with version 1 of the spec. The VirtIO constant is `VIRTIO_F_VERSION_1`.
  public static let version1 = FeatureSet(rawValue: 1 << 32)
  /// The device's memory accesses are translated or restricted by the platform. The VirtIO constant is
  /// `VIRTIO_F_ACCESS_PLATFORM`.
  public static let accessPlatform = FeatureSet(rawValue: 1 << 33)
  /// Packed virtqueues. The VirtIO constant is `VIRTIO_F_RING_PACKED`.
  public static let packedRing = FeatureSet(rawValue: 1 << 34)
  /// Buffers are used in the order in which they were made available. The VirtIO constant is `VIRTIO_F_IN_ORDER`.
  public static let inOrder = FeatureSet(rawValue: 1 << 35)
  /// The platform's own memory ordering is needed. The VirtIO constant is `VIRTIO_F_ORDER_PLATFORM`.
  public static let orderPlatform = FeatureSet(rawValue: 1 << 36)
  /// Single queues can be reset. The VirtIO constant is `VIRTIO_F_RING_RESET`.
  public static let ringReset = FeatureSet(rawValue: 1 << 40)

  /// What may be accepted: every device-specific bit, and of the bits that are about rings and transports those that
  /// this package implements. Whatever a driver asks for, a bit beyond them would make the device read other structures
  /// than there are.
  static let implemented = FeatureSet(rawValue: ~(((1 << 18) - 1) << 24))
    .union([.anyLayout, .indirectDescriptors, .eventIndex, .version1])

  /// The bits in hexadecimal, as `0x130000210`.
  public var hexadecimal: String {
    // In halves: printing 128 bits at once divides them, for which bare metal would have to supply `__udivti3`.
    let high = UInt64(truncatingIfNeeded: rawValue >> 64)
    let low = UInt64(truncatingIfNeeded: rawValue)
    if high == 0 { return hex(low) }
    let digits = String(low, radix: 16)
    return hex(high) + String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
