#if os(none)
  import BareMetal
  import DeviceTree
  import DevicePlatform
  import VirtIO
  import VirtIOMMIO

  /// Looks for devices wherever this machine can have some. Each is tried on its own: what is wrong with one is said in
  /// one line, and the others are not affected.
  struct Discovery {
    /// Where found devices go.
    let table: DeviceTable
    /// Where the devices' rings come from.
    let memory: KernelMemory
    /// What the boot loader says.
    let facts: MachineFacts
    /// What was asked for.
    let options: KernelOptions
    /// Where lines go.
    let report: Report
    /// Places where a device could have been.
    var places = 0
    /// Devices that have been made to interrupt before their drivers were ready.
    var earlyInterrupts = 0
    /// Buses that are there and could not be looked at.
    var unreadable = 0

    /// Looks everywhere.
    mutating func run() {
      #if arch(x86_64)
        // q35's BARs may lie where microvm has its slots, so one or the other.
        if !findOnPCI() { findInKnownSlots() }
      #else
        findInDeviceTree()
        findOnPCI()
      #endif
    }

    /// Says that something is wrong with a part of the machine.
    mutating func complain(_ line: String) {
      unreadable += 1
      report.note(line)
    }

    /// Has a disk interrupt too early, if that was asked for.
    mutating func interruptEarly<T: Transport & ~Copyable>(_ transport: inout T) {
      guard options.isDisorder, transport.deviceType == .block else { return }
      if EarlyInterrupt(memory: memory, clock: table.clock).provoke(&transport) { earlyInterrupts += 1 }
    }

    // MARK: MMIO

    #if !arch(x86_64)
      private mutating func findInDeviceTree() {
        guard let tree = facts.tree else { return complain("no device tree, hence no devices") }
        do throws(DeviceTreeError) {
          for device in try tree.devices(compatibleWith: "virtio,mmio") {
            probe(device.registers.address, device.registers.byteCount, facts.route(cells: device.interruptCells[...]))
          }
        } catch {
          complain(error.words)
        }
      }
    #else
      /// microvm has no description that could be read without ACPI; its slots are part of its definition.
      private mutating func findInKnownSlots() {
        let first: UInt64 = 0xfeb0_0000
        let slotByteCount: UInt64 = 0x200
        for slot in 0..<UInt64(24) {
          probe(
            first + slot * slotByteCount, slotByteCount, MachineFacts.route(ofSlot: UInt32(slot)),
            isKnownToBeThere: false)
        }
      }
    #endif

    private mutating func probe(
      _ address: UInt64, _ byteCount: UInt64, _ route: InterruptRoute?, isKnownToBeThere: Bool = true
    ) {
      places += 1
      let location = "mmio \(hex(UInt(address)))"
      guard let registers = DeviceRegisters.map(address: address, byteCount: byteCount) else {
        return complain("\(location): \(byteCount) bytes, which are not mapped as registers")
      }
      var transport: MMIOTransport<MappedRegisters, KernelMemory>
      do throws(TransportError) {
        transport = try MMIOTransport(
          registers: registers, memory: memory, policy: options.refusesLegacy ? .modernOnly : .any, location: location)
      } catch {
        switch error {
        case .noDevice: return  // an empty slot
        case .noMagic where !isKnownToBeThere: return
        default: return report.note("\(location): \(error.words)")
        }
      }
      interruptEarly(&transport)
      // Only message vectors can be tried without, and there are none here.
      if let line = table.add(transport, route.map(InterruptWay.line) ?? .unknown) { report.note(line) }
    }
  }
#endif
