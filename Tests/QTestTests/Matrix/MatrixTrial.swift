import QTest
import VirtIO
import VirtualMachine

/// What is behind the devices of a driver row.
struct Backing {
  /// What comes before the devices.
  var arguments: [String] = []
  /// What comes behind them; they are named `dev0`, `dev1`, ...
  var attachments: [String] = []
  var files: [any InheritedFile] = []
  /// For each device what its other end is, of a kind that its row knows.
  var ends: [AnyObject] = []
  /// For each device what follows its model, such as `,drive=d0`.
  var properties: [String] = []
}

/// A device as it is made.
struct DeviceOffer {
  var format: RingFormat
  var features: FeatureSet
  /// The queue's size; nil where the model has but one.
  var size: Int?

  func properties(_ driver: some DriverRow) -> String {
    let switches = MatrixTable.features.map { ",\($0.property)=\(features.contains($0.bit) ? "on" : "off")" }
    return format.property + switches.joined() + (size.map { ",\(driver.sizeProperty)=\($0)" } ?? "")
  }
}

/// One cell of the matrix: a device as it is made, and what the driver wants of it.
struct MatrixTrial: CustomStringConvertible {
  /// Its number within its row and place; makes what it writes its own.
  var number: Int
  var backing: Backing
  /// Which device of the backing.
  var device: Int
  var offer: DeviceOffer
  var wanted: FeatureSet
  var wantedSize: Int

  /// What of the ring has to come out.
  var expected: FeatureSet { offer.features.intersection(wanted) }

  /// The ring's size that has to come out.
  func expectedSize(_ place: Place, _ driver: some DriverRow) -> Int {
    let offered = place.offeredQueueSize(offer.size ?? driver.largestSize)
    return place.fixesQueueSize ? offered : min(offered, wantedSize)
  }

  var description: String {
    func list(_ set: FeatureSet) -> String {
      let names = MatrixTable.features.filter { set.contains($0.bit) }.map(\.name)
      return names.isEmpty ? "neither" : names.joined(separator: "+")
    }
    let size = offer.size.map { ", \($0) entries" } ?? ""
    return "\(offer.format.name): device \(list(offer.features))\(size); driver \(list(wanted)), \(wantedSize) entries"
  }
}

extension MatrixTable {
  /// Every subset of the ring's features, all of them first.
  static var featureSets: [FeatureSet] {
    (0..<1 << features.count).map { left in
      features.indices.filter { left & 1 << $0 == 0 }.reduce(into: []) { $0.formUnion(features[$1].bit) }
    }
  }

  private static var all: FeatureSet { featureSets[0] }

  /// The devices that a driver is tried with in a place.
  static func offers(_ driver: any DriverRow, _ place: Place) -> [DeviceOffer] {
    let deviceSizes = place.isPCI ? driver.deviceSizes : driver.deviceSizes.suffix(1)
    let sizes = deviceSizes.isEmpty ? [nil] : deviceSizes.map(Optional.some)
    return formats.filter { $0.isForLegacy || !place.isLegacy }.flatMap { format in
      featureSets.flatMap { features in
        sizes.map { DeviceOffer(format: format, features: features.union(format.features), size: $0) }
      }
    }
  }

  /// What the driver wants of such a device, one wish after the other: features and size.
  static func wishes(_ driver: any DriverRow, _ place: Place, _ offer: DeviceOffer) -> [(FeatureSet, Int)] {
    // The driver's wishes are tried in full on the largest complete device; where sizes are the device's, on all of them.
    let isComplete = offer.features.isSuperset(of: all)
    let isLargest = offer.size == driver.deviceSizes.last
    let choosesFeatures = isWhole || isComplete && (isLargest || place.fixesQueueSize)
    let choosesSize = !place.fixesQueueSize && (isWhole || isComplete && isLargest)
    let sizes = choosesSize ? driver.driverSizes : driver.driverSizes.suffix(1)
    return (choosesFeatures ? featureSets : [all]).flatMap { wanted in
      sizes.map { (wanted.union(offer.format.features), $0) }
    }
  }
}
