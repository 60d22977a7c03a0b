/// How configuration space is reached.
///
/// Offsets are aligned to the access; one that is not is a programming error. Where nothing answers (no function, an
/// offset or bus beyond what this access reaches) reads return ones and writes are dropped, as on the bus itself.
///
/// One owner at a time: an access may take several register operations.
public protocol ConfigurationAccess: Sendable {
  /// Reads one byte.
  func load8(_ function: PCIAddress, at offset: Int) -> UInt8
  /// Reads two bytes.
  func load16(_ function: PCIAddress, at offset: Int) -> UInt16
  /// Reads four bytes.
  func load32(_ function: PCIAddress, at offset: Int) -> UInt32
  /// Writes one byte.
  func store8(_ value: UInt8, _ function: PCIAddress, at offset: Int)
  /// Writes two bytes.
  func store16(_ value: UInt16, _ function: PCIAddress, at offset: Int)
  /// Writes four bytes.
  func store32(_ value: UInt32, _ function: PCIAddress, at offset: Int)
}
