/// A message-signalled interrupt: a memory write that the function makes instead of raising a line.
public struct InterruptMessage: Hashable, Sendable {
  /// Where the function writes four bytes, as it sees memory: an interrupt controller's register as a rule.
  public var address: UInt64
  /// What it writes: how the controller knows the interrupt.
  public var data: UInt32

  /// A message that the platform's interrupt controller understands.
  public init(address: UInt64, data: UInt32) {
    self.address = address
    self.data = data
  }
}
