/// What is wrong with a device as its transport shows it.
public enum TransportError: Error, Equatable, Sendable {
  /// The magic value is not "virt": no VirtIO device here. SPEC: drivernormative:Virtio Transport Options / Virtio Over
  /// MMIO / MMIO Device Register Layout
  case noMagic(found: UInt32)
  /// A version that is neither 1 (legacy) nor 2.
  case unknownVersion(UInt32)
  /// A legacy PCI device of a revision other than 0. SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI Device
  /// Discovery / Legacy Interfaces: A Note on PCI Device Discovery
  case unknownRevision(UInt8)
  /// A legacy device, and the caller asked for modern ones only.
  case legacyRefused
  /// An empty slot: device ID 0.
  case noDevice
  /// A register window or capability that the transport needs and the device does not have.
  case missing(StaticString)
  /// A capability whose window does not fit its BAR, or whose numbers overflow.
  case windowOutOfRange(StaticString, offset: UInt64, byteCount: UInt64, limit: UInt64)
  /// A BAR that is needed and does not exist, has no address, or lies where the platform maps no registers.
  case barUnusable(index: UInt8)
  /// A capability that says something the spec forbids: `field` of the capability for `structure`.
  case malformedCapability(_ structure: StaticString, field: StaticString, value: UInt64, expected: StaticString)
  /// The queue was in use already.
  case queueInUse(index: UInt16)
  /// The queue's memory is not where this device can reach it.
  case queueAddressUnreachable(index: UInt16, address: UInt64, highest: UInt64)
  /// The device took a queue's set-up back: it reads differently from what was written.
  case queueNotEnabled(index: UInt16)
  /// The device had no room for an interrupt vector: of a queue, or of its configuration (nil).
  case vectorRefused(queue: UInt16?)

  /// `StaticString` has no equality of its own.
  public static func == (a: TransportError, b: TransportError) -> Bool { a.words == b.words }
}

extension TransportError {
  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .noMagic(let found): "no VirtIO device: magic value \(hex(UInt64(found))), expected 0x74726976"
    case .unknownVersion(let version): "unknown device version \(version), expected 1 (legacy) or 2"
    case .unknownRevision(let revision): "legacy PCI device of revision \(revision), expected 0"
    case .legacyRefused: "legacy device, and only modern ones were asked for"
    case .noDevice: "empty slot (device ID 0)"
    case .missing(let what): "the device has no \(what)"
    case .windowOutOfRange(let what, let offset, let byteCount, let limit):
      "\(what) at \(hex(offset)) of \(byteCount) bytes does not fit into \(limit) bytes"
    case .barUnusable(let index): "BAR \(index) does not exist, has no address, or cannot be mapped"
    case .malformedCapability(let structure, let field, let value, let expected):
      "capability for \(structure): \(field) is \(hex(value)), expected \(expected)"
    case .queueInUse(let index): "queue \(index) is in use already"
    case .queueAddressUnreachable(let index, let address, let highest):
      "queue \(index) at \(hex(address)), the device reaches up to \(hex(highest))"
    case .queueNotEnabled(let index): "queue \(index) was set up and reads as not enabled"
    case .vectorRefused(let queue):
      "the device refused the interrupt vector of \(queue.map { "queue \($0)" } ?? "its configuration")"
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    switch self {
    case .noMagic, .unknownVersion:
      "drivernormative:Virtio Transport Options / Virtio Over MMIO / MMIO Device Register Layout"
    case .unknownRevision:
      "Virtio Transport Options / Virtio Over PCI Bus / PCI Device Discovery"
        + " / Legacy Interfaces: A Note on PCI Device Discovery"
    case .malformedCapability:
      "devicenormative:Virtio Transport Options / Virtio Over PCI Bus / Virtio Structure PCI Capabilities"
    case .vectorRefused:
      "devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI-specific Initialization And Device Operation"
        + " / Device Initialization / MSI-X Vector Configuration"
    // Of the platform's or the caller's making, or of either transport.
    case .legacyRefused, .noDevice, .missing, .windowOutOfRange, .barUnusable, .queueInUse,
      .queueAddressUnreachable, .queueNotEnabled:
      nil
    }
  }
}
