/// Which QEMU a program belongs to: the numbers of its release.
public struct QEMUVersion: Comparable, Sendable {
  /// The first number.
  public let major: UInt64
  /// The second number.
  public let minor: UInt64

  /// The oldest release that is used; nothing older was tried.
  public static let oldest = QEMUVersion(major: 7, minor: 2)

  /// A release.
  public init(major: UInt64, minor: UInt64) {
    self.major = major
    self.minor = minor
  }

  /// The release that a monitor's greeting tells; nil if it tells none.
  init?(greeting: QMPValue) {
    let numbers = greeting["QMP"]?["version"]?["qemu"]
    guard let major = numbers?["major"]?.unsigned, let minor = numbers?["minor"]?.unsigned else { return nil }
    self.init(major: major, minor: minor)
  }

  /// Older releases come first.
  public static func < (left: QEMUVersion, right: QEMUVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}

extension QEMUVersion: CustomStringConvertible {
  /// As `7.2`.
  public var description: String { "\(major).\(minor)" }
}
