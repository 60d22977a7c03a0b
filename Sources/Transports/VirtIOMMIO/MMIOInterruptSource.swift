public import DevicePlatform
public import VirtIO

/// Reads and acknowledges the interrupt line of a device behind MMIO registers.
///
/// SPEC: drivernormative:Virtio Transport Options / Virtio Over MMIO / MMIO-specific Initialization And Device Operation /
/// Notifications From The Device
public struct MMIOInterruptSource<Registers: RegisterAccess>: InterruptSource {
  let registers: Registers

  /// One read and, if there was a reason, one write of the bits that were read: others that come up in between stay up.
  public func acknowledge() -> DeviceEvents {
    let events = DeviceEvents(rawValue: registers.load32(at: 0))
    if !events.isEmpty {
      registers.store32(events.rawValue, at: MMIORegister.interruptAcknowledge - MMIORegister.interruptStatus)
    }
    return events
  }
}

extension MMIOTransport {
  /// The interrupt side of this device: a window on its two interrupt registers alone.
  public func makeInterruptSource() -> MMIOInterruptSource<Registers> {
    MMIOInterruptSource(registers: registers.window(at: MMIORegister.interruptStatus, byteCount: 8))
  }
}
