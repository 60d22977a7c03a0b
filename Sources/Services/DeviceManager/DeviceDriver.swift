public import VirtIO

/// What a driver says about itself. Anybody can write one: the manager knows no device type.
///
///     struct BalloonDriver: DeviceDriver {
///       let name = "balloon"
///       let naming = DeviceNaming.numbered("balloon")
///       func matches(_ device: DeviceIdentification) -> Bool { device.type == .balloon }
///       func start<T: Transport & ~Copyable>(
///         _ transport: consuming T, in slot: any DeviceSlot, named name: String
///       ) throws(BringupError) -> any DrivenDevice { ... }
///     }
///     buses.register(BalloonDriver())
public protocol DeviceDriver {
  /// The driver's own name; no two of a manager have the same.
  var name: String { get }
  /// How its devices are called.
  var naming: DeviceNaming { get }
  /// Whose devices are brought up first; see `DriverPriority`.
  var priority: DriverPriority { get }

  /// Whether it drives such devices. Asked for each device that nobody drives; the first driver that was registered and
  /// says yes gets it.
  func matches(_ device: DeviceIdentification) -> Bool
  /// Brings a device up.
  ///
  /// - Parameters:
  ///   - transport: consumed, also on failure.
  ///   - slot: how to wait, and how to have the device interrupt.
  ///   - name: what the device is called.
  func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named name: String
  ) throws(BringupError) -> any DrivenDevice
}

extension DeviceDriver {
  /// As most.
  public var priority: DriverPriority { .usual }
}

/// Whose devices are brought up first.
public struct DriverPriority: Comparable, Sendable {
  /// Lower comes first.
  public let rawValue: Int
  /// Any number is a priority.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// So that whatever goes wrong later can be seen.
  public static let display = DriverPriority(rawValue: -100)
  /// Everything else.
  public static let usual = DriverPriority(rawValue: 0)

  /// Which comes first.
  public static func < (a: DriverPriority, b: DriverPriority) -> Bool { a.rawValue < b.rawValue }
}

/// What a bus tells about a device before anybody drives it.
public struct DeviceIdentification: Equatable, Sendable {
  /// What it is.
  public let type: DeviceType
  /// True for a device that follows the drafts before version 1.
  public let isLegacy: Bool

  /// What a bus tells.
  public init(type: DeviceType, isLegacy: Bool) {
    self.type = type
    self.isLegacy = isLegacy
  }
}
