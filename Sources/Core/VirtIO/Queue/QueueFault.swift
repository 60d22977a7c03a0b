/// How a device broke the rules of a queue. The queue takes nothing more; a reset of the device ends it.
@frozen
public enum QueueFault: Error, Equatable, Sendable {
  /// used.idx went further than there are requests in flight, or backwards.
  /// SPEC: devicenormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Used Ring
  case usedIndexJumped(from: UInt16, to: UInt16, inFlight: UInt32)
  /// An element of the used ring names a descriptor that does not exist.
  case idUnknown(UInt32)
  /// An element of the used ring names a descriptor that begins no chain in flight: a replay, or a guess.
  case idNotInFlight(UInt32)

  /// The fault in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .usedIndexJumped(let from, let to, let inFlight):
      "used.idx went from \(from) to \(to), expected at most \(inFlight) further: so many requests are in flight"
    case .idUnknown(let id): "used element with id \(id), beyond the end of the descriptor table"
    case .idNotInFlight(let id): "used element with id \(id), which is not in flight"
    }
  }

  /// The label of the spec's clause that this is about: in each case that on the used ring.
  public var clause: String? {
    "devicenormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Used Ring"
  }
}
