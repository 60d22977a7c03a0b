/// Something that QEMU tells without being asked.
public struct QMPEvent: Equatable, Sendable {
  /// The event's name, such as `RESET` or `DEVICE_DELETED`.
  public var name: String
  /// What belongs to it; null when there is nothing.
  public var data: QMPValue

  /// An event; for comparisons.
  public init(_ name: String, data: QMPValue = .null) {
    self.name = name
    self.data = data
  }

  /// An event as it arrives; nil for anything else.
  init?(message: QMPValue) {
    guard let name = message["event"]?.text else { return nil }
    self.init(name, data: message["data"] ?? .null)
  }
}
