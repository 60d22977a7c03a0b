#if os(none)
  import BareMetal
  import DeviceManager
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
      table.manager.reachableMemory = facts.ram.filter { !$0.isEmpty }.map { UInt64($0.start)...UInt64($0.end - 1) }
      table.manager.startAll()
      terminal.attach(table.manager.consoleDevices.first)
      if options.isAttended { findInputs() }
    }

    /// Says that something is wrong with a part of the machine.
    mutating func complain(_ line: String) {
      unreadable += 1
      report.note(line)
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
      let policy = options.refusesLegacy ? MMIOVersionPolicy.modernOnly : .any
      do throws(TransportError) {
        table.manager.found(
          try TransportPlace(table.drivers, slot: table.makeSlot(route)) {
            [memory] () throws(TransportError) in
            EitherTransport(
              first: try MMIOTransport(
                registers: MachineRegisters.memory(registers), memory: memory, policy: policy, location: location))
          })
      } catch {
        switch error {
        case .noDevice: return  // an empty slot
        case .noMagic where !isKnownToBeThere: return
        default: return report.note("\(location): \(error.words)")
        }
      }
    }
  }
#endif
