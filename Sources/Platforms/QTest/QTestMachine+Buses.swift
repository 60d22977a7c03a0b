extension QTestMachine {
  /// A window of the machine's memory addresses.
  public func registers(at address: UInt64, byteCount: Int) -> QTestRegisters {
    QTestRegisters(connection: connection, space: .memory, base: address, byteCount: byteCount)
  }

  /// A window of the machine's I/O ports.
  public func ports(at port: UInt16, byteCount: Int) -> QTestRegisters {
    QTestRegisters(connection: connection, space: .ports, base: UInt64(port), byteCount: byteCount)
  }

  /// The VirtIO MMIO slots by ascending address, empty ones too.
  public func mmioSlots() -> [QTestRegisters] { kind.slotAddresses.map { registers(at: $0, byteCount: 0x200) } }

  /// Waits while devices work.
  public var waiter: QTestWaiter { QTestWaiter(connection: connection) }
}
