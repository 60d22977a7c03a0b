/// The bytes that decide everything a hostile device does. When they are used up it behaves.
///
/// Unchecked: used by the one thread that runs driver and device.
public final class Decisions: @unchecked Sendable {
  private let bytes: [UInt8]
  private var position = 0

  /// Decisions in order.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// No decision is left.
  public var isOver: Bool { position == bytes.count }

  /// The next byte; nil when there is none.
  public func next() -> UInt8? {
    if isOver { return nil }
    position += 1
    return bytes[position - 1]
  }

  /// The next byte, or 0.
  public func byte() -> UInt8 { next() ?? 0 }

  /// The next four bytes, missing ones 0.
  public func word() -> UInt32 { (0..<4).reduce(0) { value, _ in value << 8 | UInt32(byte()) } }

  /// Everything that is left is forgotten.
  public func stop() { position = bytes.count }
}
