#if os(none)
  import BareMetal
  import DeviceTree
  import DevicePlatform
  import FirmwareConfiguration

  /// Where this machine has its firmware configuration.
  enum KernelFirmware {
    typealias Device = FirmwareDevice<MachineRegisters, KernelMemory>

    /// The device, if there is one.
    static func find(memory: KernelMemory) throws(FirmwareError) -> Device? {
      #if arch(x86_64)
        let interface = FirmwareInterface.ports
        // The kernel runs in ring 0. Where there is no such device, ports read as ones.
        let ports = unsafe PortRegisters(unsafePort: FirmwareInterface.firstPort, byteCount: interface.byteCount)
        return try Device(.ports(ports), interface: interface, memory: memory)
      #else
        guard let window = window, let registers = DeviceRegisters.map(window) else { return nil }
        return try Device(.memory(registers), interface: .memory, memory: memory)
      #endif
    }

    #if !arch(x86_64)
      private static var window: AddressRange? {
        guard let tree = MachineFacts().tree else { return nil }
        do throws(DeviceTreeError) {
          return try tree.devices(compatibleWith: FirmwareInterface.compatible).first?.registers
        } catch {
          return nil
        }
      }
    #endif
  }

  #if !arch(x86_64)
    extension DeviceRegisters {
      fileprivate static func map(_ range: AddressRange) -> MappedRegisters? {
        map(address: range.address, byteCount: range.byteCount)
      }
    }
  #endif
#endif
