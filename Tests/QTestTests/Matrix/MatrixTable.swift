import Foundation
import Testing
import VirtIO

/// The matrix: every driver in every place (`Place`: architecture and transport), with every combination of ring
/// features, left out by the driver or by the device, and with every queue size.
///
/// A new driver, ring format, ring feature or place is one more row; nothing else changes.
enum MatrixTable {
  static let drivers: [any DriverRow] = [BlockRow(), EntropyRow(), NetworkRow(), ConsoleRow(), GPURow(), InputRow()]

  /// A driver in a place.
  struct Pair: Sendable, CustomTestStringConvertible {
    var place: Place
    var driver: any DriverRow

    var testDescription: String { "\(driver), \(place.rawValue)" }
  }

  static let pairs = drivers.flatMap { driver in
    Place.allCases.filter { driver.isThere(in: $0) }.map { Pair(place: $0, driver: driver) }
  }

  static let formats = [
    RingFormat(name: "split", features: [], property: "", isForLegacy: true)
  ]

  static let features = [
    RingFeature(name: "EVENT_IDX", bit: .eventIndex, property: "event_idx"),
    RingFeature(name: "INDIRECT", bit: .indirectDescriptors, property: "indirect_desc"),
  ]

  /// The whole product takes minutes. Without it all pairs of driver, place, format, features and size are there; what
  /// is left out: driver and device that both leave features out, and sizes that both choose.
  static let isWhole = ProcessInfo.processInfo.environment["VIREO_MATRIX"] == "whole"
}

/// How the ring is laid out.
struct RingFormat: Sendable {
  var name: String
  /// What is negotiated for it.
  var features: FeatureSet
  /// What makes QEMU offer it, such as `,packed=on`.
  var property: String
  var isForLegacy: Bool
}

/// A feature of rings that may be there or not.
struct RingFeature: Sendable {
  var name: String
  var bit: FeatureSet
  /// QEMU's switch for it.
  var property: String
}

/// One driver of the matrix.
protocol DriverRow: Sendable, CustomStringConvertible {
  /// The device model's name between `virtio-` and `-pci`.
  var model: String { get }
  var type: DeviceType { get }
  /// Queue sizes that the model can be given, the largest last; none if it has but one. On MMIO they have no effect.
  var deviceSizes: [Int] { get }
  /// Queue sizes that the driver asks for, the largest last.
  var driverSizes: [Int] { get }
  /// The largest size that the model can have, on PCI.
  var largestSize: Int { get }
  /// QEMU's property for the size. With several queues it is that of queue 0.
  var sizeProperty: String { get }
  /// Whether the model can be put there.
  func isThere(in place: Place) -> Bool
  /// What `count` devices in a place need: the emulator's arguments, its files, and each device's further properties.
  func backing(count: Int, in place: Place) throws -> Backing
  /// Uses a device: everything that the driver can do, with driver and device compared throughout.
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench, _ trial: MatrixTrial) throws
}

extension DriverRow {
  var sizeProperty: String { "queue-size" }

  func isThere(in place: Place) -> Bool { true }
}
