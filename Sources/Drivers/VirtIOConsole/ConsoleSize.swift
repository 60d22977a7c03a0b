/// The size of a console in characters. The device says it, unchecked: 0 may come.
public struct ConsoleSize: Hashable, Sendable {
  /// Characters of a line.
  public var columns: UInt16
  /// Lines.
  public var rows: UInt16

  /// A size.
  public init(columns: UInt16, rows: UInt16) {
    self.columns = columns
    self.rows = rows
  }
}

/// Where the fields of the configuration are.
///
/// SPEC: Device Types / Console Device / Device configuration layout
enum ConsoleConfiguration {
  static var columns: Int { 0 }
  static var rows: Int { 2 }
  static var portCount: Int { 4 }
  static var emergencyWrite: Int { 8 }
}
