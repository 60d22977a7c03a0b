public import DevicePlatform
public import VirtIO

/// Reads and acknowledges the INTx line of a device behind a PCI function. Only while MSI-X is off.
///
/// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / ISR status capability
public struct PCIInterruptSource<Registers: RegisterAccess>: InterruptSource {
  let interruptStatus: Registers

  /// One read, which lowers the line.
  public func acknowledge() -> DeviceEvents { DeviceEvents(rawValue: UInt32(interruptStatus.load8(at: 0))) }
}

extension PCITransport {
  /// The interrupt side of this device: a window on its interrupt status alone.
  public func makeInterruptSource() -> PCIInterruptSource<Registers> {
    PCIInterruptSource(interruptStatus: windows.interruptStatus)
  }
}
