/// The one thing that a kernel without firmware has to tell QEMU's q35 before ECAM works there: where it should be.
///
/// Intel 3 Series datasheet, "PCIEXBAR".
public enum Q35HostBridge {
  /// Puts the configuration space of 256 buses at `address`.
  ///
  /// - Parameters:
  ///   - access: a way that works already: the configuration ports.
  ///   - address: a multiple of 256 MiB, not 0.
  /// - Returns: false if the machine has another host bridge, or does not take the address.
  public static func enableECAM<Access: ConfigurationAccess>(_ access: Access, at address: UInt64) -> Bool {
    precondition(address & 0xfff_ffff == 0 && address != 0, "ECAM of 256 buses lies at a multiple of 256 MiB")
    let bridge = PCIAddress(bus: 0, device: 0)
    guard access.load32(bridge, at: ConfigurationOffset.vendorID) == 0x29c0_8086 else { return false }
    let register = 0x60
    access.store32(UInt32(address >> 32), bridge, at: register + 4)
    access.store32(UInt32(truncatingIfNeeded: address) | 1, bridge, at: register)
    return access.load32(bridge, at: register) == UInt32(truncatingIfNeeded: address) | 1
  }
}
