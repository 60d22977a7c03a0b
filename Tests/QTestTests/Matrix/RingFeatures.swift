import Testing
import VirtIO

/// Which of the two ring features are in use, and who left the others out.
struct RingFeatures: CustomTestStringConvertible {
  var hasEventIndex: Bool
  var hasIndirect: Bool
  /// True when it is the device that does not offer the missing ones, false when the driver does not want them.
  var isDevicesChoice: Bool

  static let all: [RingFeatures] = [
    RingFeatures(hasEventIndex: true, hasIndirect: true, isDevicesChoice: false),
    RingFeatures(hasEventIndex: true, hasIndirect: false, isDevicesChoice: false),
    RingFeatures(hasEventIndex: false, hasIndirect: true, isDevicesChoice: false),
    RingFeatures(hasEventIndex: false, hasIndirect: false, isDevicesChoice: false),
    RingFeatures(hasEventIndex: false, hasIndirect: false, isDevicesChoice: true),
  ]

  var testDescription: String {
    let parts = [hasEventIndex ? "EVENT_IDX" : nil, hasIndirect ? "INDIRECT" : nil].compactMap(\.self)
    return (parts.isEmpty ? "neither" : parts.joined(separator: "+")) + (isDevicesChoice ? ", not offered" : "")
  }

  var features: FeatureSet {
    FeatureSet(arrayLiteral: hasEventIndex ? .eventIndex : [], hasIndirect ? .indirectDescriptors : [])
  }

  /// What the driver wants of the ring.
  var wanted: FeatureSet { isDevicesChoice ? [.eventIndex, .indirectDescriptors] : features }

  /// What follows the device model's name.
  var deviceArguments: String {
    guard isDevicesChoice else { return "" }
    return ",event_idx=\(hasEventIndex ? "on" : "off"),indirect_desc=\(hasIndirect ? "on" : "off")"
  }
}
