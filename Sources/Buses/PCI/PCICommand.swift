/// The command register: what a function may do.
@frozen
public struct PCICommand: OptionSet, Hashable, Sendable {
  /// The register's bits.
  public let rawValue: UInt16
  /// Wraps the register's bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Answers at its I/O BARs.
  public static let io = PCICommand(rawValue: 1)
  /// Answers at its memory BARs.
  public static let memory = PCICommand(rawValue: 2)
  /// May access memory by itself, and send message-signalled interrupts.
  public static let busMaster = PCICommand(rawValue: 4)
  /// Must not use its interrupt line.
  public static let interruptDisable = PCICommand(rawValue: 1 << 10)
}
