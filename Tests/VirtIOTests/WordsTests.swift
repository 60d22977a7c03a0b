import DevicePlatform
import Testing
import VirtIO

/// Errors explain themselves: in words that carry their values, and with the label of a clause where there is one.
@Suite struct WordsTests {
  /// Labels of VirtIO 1.4's conformance chapter (a `Section` without prefix for legacy interfaces), to the letter.
  static let labels: [String] = [
    "devicenormative:Basic Facilities of a Virtio Device / Device Reset",
    "devicenormative:Basic Facilities of a Virtio Device / Feature Bits",
    "devicenormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Used Ring",
    "devicenormative:Reserved Feature Bits",
    "devicenormative:Virtio Transport Options / Virtio Over PCI Bus / Virtio Structure PCI Capabilities",
    "devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI-specific Initialization And Device Operation"
      + " / Device Initialization / MSI-X Vector Configuration",
    "devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout"
      + " / Common configuration structure layout",
    "drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space",
    "drivernormative:Virtio Transport Options / Virtio Over MMIO / MMIO Device Register Layout",
    "Virtio Transport Options / Virtio Over PCI Bus / PCI Device Discovery"
      + " / Legacy Interfaces: A Note on PCI Device Discovery",
  ]

  static let queueFaults: [QueueFault] = [
    .usedIndexJumped(from: 101, to: 202, inFlight: 303), .idUnknown(404), .idNotInFlight(505),
  ]
  static let configurationErrors: [ConfigurationError] = [
    .unsettled(attempts: 32), .tooShort(byteCount: 11, needed: 12),
    .invalid(field: ConfigurationField("blk_size"), value: 13),
  ]
  static let transportErrors: [TransportError] = [
    .noMagic(found: 1), .unknownVersion(3), .unknownRevision(4), .legacyRefused, .noDevice, .missing("bell"),
    .windowOutOfRange("bell", offset: 5, byteCount: 6, limit: 7), .barUnusable(index: 8),
    .malformedCapability("bell", field: "offset", value: 9, expected: "a multiple of 4"), .queueInUse(index: 10),
    .queueAddressUnreachable(index: 11, address: 12, highest: 13), .queueNotEnabled(index: 14),
    .vectorRefused(queue: nil), .vectorRefused(queue: 15),
  ]
  static let rings = [8, 16].map { SplitLayout(size: $0, deviceAreaAlignment: 64) }
  static let slots = [8, 16].map {
    SlotLayout(headerByteCount: $0, statusByteCount: 1, maximumSegments: 2, isIndirect: $0 == 8)
  }
  static let bringupErrors: [BringupError] =
    [
      .resetTimedOut(status: 15), .deviceAbsent, .featuresMissing(.version1), .featuresMissing(FeatureSet(bit: 7)),
      .featuresRefused(accepted: FeatureSet(bit: 6), left: FeatureSet(bit: 7)),
      .featuresRefused(accepted: FeatureSet(bit: 6), left: .accessPlatform), .queueMissing(index: 1),
      .queueSizeInvalid(index: 2, size: 3),
      .queueTooSmall(index: 4, size: 5, needed: 6), .queueTooLarge(index: 7, size: 8, limit: 9),
      .queueMemoryUnsuitable(index: 10, .ring(found: rings[0], needed: rings[1])),
      .queueMemoryUnsuitable(index: 11, .slot(found: slots[0], needed: slots[1])),
      .queueMemoryUnsuitable(index: 12, .alignment(address: 13, needed: 14)),
      .memory(.outOfMemory(byteCount: 7, alignment: 8)),
      .deviceFailed(status: 0x80), .wrongDeviceType(found: .block, expected: .entropy),
    ] + transportErrors.map { .transport($0) } + configurationErrors.map { .configuration($0) }
  static let waitFailures: [WaitFailure] = [.timedOut, .unknownToken] + queueFaults.map { .queueFailed($0) }
  static let refusals: [SubmissionRefusal] = [
    .full, .queueFailed, .emptyBuffer, .segmentTooLong(byteCount: 1, limit: 2), .tooManySegments(count: 3, limit: 4),
  ]

  /// All words there are.
  static var words: [String] {
    queueFaults.map(\.words) + configurationErrors.map(\.words) + transportErrors.map(\.words)
      + bringupErrors.filter { !isWrapper($0) }.map(\.words) + [WaitFailure.timedOut, .unknownToken].map(\.words)
      + refusals.map(\.words)
  }

  static func isWrapper(_ error: BringupError) -> Bool {
    switch error {
    case .transport, .configuration: true
    default: false
    }
  }

  @Test func everyCase_hasWordsOfItsOwn() {
    #expect(Self.words.allSatisfy { $0.count > 8 && !$0.contains("\n") })
    #expect(Set(Self.words).count == Self.words.count)
  }

  @Test func values_standInTheWords() {
    let jump = QueueFault.usedIndexJumped(from: 101, to: 202, inFlight: 303).words
    #expect(["101", "202", "303"].allSatisfy(jump.contains))
    #expect(WaitFailure.queueFailed(.idUnknown(404)).words.contains("404"))
    #expect(ConfigurationError.tooShort(byteCount: 11, needed: 12).words.contains("12"))
  }

  @Test func clauses_areLabelsOfTheSpec_andAllLabelsAreUsed() {
    let clauses =
      Self.queueFaults.map(\.clause) + Self.configurationErrors.map(\.clause) + Self.transportErrors.map(\.clause)
      + Self.bringupErrors.map(\.clause) + Self.waitFailures.map(\.clause)
    #expect(Set(clauses.compactMap { $0 }) == Set(Self.labels))
  }

  @Test func clause_onlyWhereTheSpecHasOne() {
    #expect(BringupError.featuresMissing(.version1).clause == "devicenormative:Reserved Feature Bits")
    #expect(BringupError.featuresMissing(FeatureSet(bit: 7)).clause == nil)
    #expect(BringupError.memory(.outOfMemory(byteCount: 1, alignment: 1)).clause == nil)
    #expect(TransportError.legacyRefused.clause == nil)
    #expect(WaitFailure.timedOut.clause == nil)
    #expect(WaitFailure.queueFailed(.idUnknown(1)).clause == QueueFault.idUnknown(1).clause)
  }
}
