public import DevicePlatform

/// Why a device could not be brought up.
///
/// The driver has set FAILED, as far as the device lets it, in each case but `.wrongDeviceType`: a device of another type
/// is left alone, nothing of it is written. `reset` alone sets nothing either, and bring-up does so in its stead.
public enum BringupError: Error, Equatable, Sendable {
  /// The device status did not read zero after a reset.
  case resetTimedOut(status: UInt8)
  /// Nothing answers: the device status reads as ones. The device was pulled out, or the way to it is cut.
  case deviceAbsent
  /// The device does not offer a feature that the driver cannot do without.
  case featuresMissing(FeatureSet)
  /// The device did not keep FEATURES_OK: it refuses what the driver accepted, of which it may have offered more: what
  /// the driver left may be what it insists on.
  case featuresRefused(accepted: FeatureSet, left: FeatureSet)
  /// The device has no queue of this number, or says that its size is zero.
  case queueMissing(index: UInt16)
  /// The device's queue size is above 32768, or not a power of two, where the transport demands both.
  case queueSizeInvalid(index: UInt16, size: UInt32)
  /// The queue is too small for even one request of the driver.
  case queueTooSmall(index: UInt16, size: UInt32, needed: Int)
  /// The queue has one size only, and that is above the limit (`QueueOptions.maximumSize`).
  case queueTooLarge(index: UInt16, size: UInt32, limit: Int)
  /// The memory that the caller supplied for a queue is not what the device's queue needs.
  case queueMemoryUnsuitable(index: UInt16, QueueMemoryMismatch)
  /// The memory for queues was not to be had.
  case memory(DMAError)
  /// The transport refused an operation.
  case transport(TransportError)
  /// The configuration could not be read, or says what cannot be.
  case configuration(ConfigurationError)
  /// The device asked for a reset, or gave up, during bring-up.
  case deviceFailed(status: UInt8)
  /// The device is not of the driver's type.
  case wrongDeviceType(found: DeviceType, expected: DeviceType)

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .resetTimedOut(let status):
      "reset not finished in time: device status is \(hex(UInt64(status))), expected 0"
    case .deviceAbsent: "the device does not answer: device status is 0xff, as where there is none"
    case .featuresMissing(let features): "the device lacks feature bits \(features.hexadecimal)"
    case .featuresRefused(let accepted, let left):
      "the device refused the features \(accepted.hexadecimal) (FEATURES_OK reads 0)"
        + (left.contains(.accessPlatform)
          ? ": it offers ACCESS_PLATFORM, as its memory accesses are translated, and was not to get it" : "")
    case .queueMissing(let index): "the device has no queue \(index)"
    case .queueSizeInvalid(let index, let size):
      "queue \(index) has size \(size), expected a power of two from 1 to 32768"
    case .queueTooSmall(let index, let size, let needed):
      "queue \(index) has \(size) entries, one request needs \(needed)"
    case .queueTooLarge(let index, let size, let limit):
      "queue \(index) has \(size) entries and no other size, the limit is \(limit)"
    case .queueMemoryUnsuitable(let index, let mismatch): "the memory for queue \(index): \(mismatch.words)"
    case .memory(let error): error.words
    case .transport(let error): error.words
    case .configuration(let error): error.words
    case .deviceFailed(let status): "the device failed during bring-up: device status is \(hex(UInt64(status)))"
    case .wrongDeviceType(let found, let expected): "the device is \(found.name), expected \(expected.name)"
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    switch self {
    case .resetTimedOut: "devicenormative:Basic Facilities of a Virtio Device / Device Reset"
    case .featuresMissing(let features):
      // All other features are the device's to offer or not.
      features.contains(.version1) ? "devicenormative:Reserved Feature Bits" : nil
    case .featuresRefused: "devicenormative:Basic Facilities of a Virtio Device / Feature Bits"
    case .transport(let error): error.clause
    case .configuration(let error): error.clause
    case .queueSizeInvalid:
      // Only PCI makes the device name a power of two.
      "devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout"
        + " / Common configuration structure layout"
    case .queueMissing, .queueTooSmall, .queueTooLarge, .queueMemoryUnsuitable, .memory, .deviceFailed, .deviceAbsent,
      .wrongDeviceType:
      nil
    }
  }
}
