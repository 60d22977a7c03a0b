#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import StandardDrivers
  import VirtIO
  import VirtIOBlock
  import VirtIOEntropy
  import VirtIOMMIO
  import VirtIOPCI

  /// The transports that this machine can have, as one: each driver is in the kernel once.
  typealias MachineTransport = EitherTransport<
    MMIOTransport<MachineRegisters, KernelMemory>, PCITransport<MachineRegisters, KernelMemory>
  >

  /// Disks and entropy sources with their types, for the tour and the measurements, which look at more than any trait
  /// shows; and the places that devices are in.
  final class TypedDevices {
    var disks: [any Disk] = []
    var sources: [any EntropyDevice] = []
    var slots: [KernelSlot] = []
    /// Disks that have been made to interrupt before their drivers were ready.
    var earlyInterrupts = 0

    func slot(_ slot: any DeviceSlot) -> KernelSlot? { slots.first { $0 === slot } }

    /// Has a device interrupt, if it can. Without it, the device works by polling.
    func connect(_ device: any Device, _ slot: any DeviceSlot, _ lines: DeviceLines?) {
      guard let lines, let slot = self.slot(slot), device.connect(by: slot.way, lines),
        let connection = device.connection
      else { return }
      slot.connected(connection, device.mailbox)
    }
  }

  /// Drives disks, and keeps their types.
  struct DiskDriver: DeviceDriver {
    let devices: TypedDevices
    let options: BlockOptions
    let clock: CounterClock
    let lines: DeviceLines?
    /// Has each disk interrupt too early.
    let early: EarlyInterrupt?

    var name: String { "virtio-blk" }
    var naming: DeviceNaming { .lettered("vd") }
    func matches(_ device: DeviceIdentification) -> Bool { device.type == .block }

    func start<T: Transport & ~Copyable>(
      _ transport: consuming T, in slot: any DeviceSlot, named name: String
    ) throws(BringupError) -> any DrivenDevice {
      let offered = transport.readDeviceFeatures()
      // Here, when the disks before this one have their lines, which it may share.
      var transport = transport
      if let early, early.provoke(&transport) { devices.earlyInterrupts += 1 }
      // Bringing up has nothing that interrupts.
      var waiter = KernelWaiter(polling: clock)
      let device = try BlockDevice(transport, options: options, waiter: &waiter)
      let disk = TransportDisk(name: name, offered: offered, wanted: options.features, device: device, waiter: waiter)
      devices.connect(disk, slot, lines)
      devices.disks.append(disk)
      return disk
    }
  }

  /// Drives entropy sources, and keeps their types.
  struct SourceDriver: DeviceDriver {
    let devices: TypedDevices
    let options: EntropyOptions
    let clock: CounterClock
    let lines: DeviceLines?

    var name: String { "virtio-rng" }
    var naming: DeviceNaming { .numbered("rng") }
    func matches(_ device: DeviceIdentification) -> Bool { device.type == .entropy }

    func start<T: Transport & ~Copyable>(
      _ transport: consuming T, in slot: any DeviceSlot, named name: String
    ) throws(BringupError) -> any DrivenDevice {
      let offered = transport.readDeviceFeatures()
      // Bringing up has nothing that interrupts.
      var waiter = KernelWaiter(polling: clock)
      let device = try EntropySource(transport, options: options, waiter: &waiter)
      let source = TransportEntropyDevice(
        name: name, offered: offered, wanted: options.features, device: device, waiter: waiter)
      devices.connect(source, slot, lines)
      devices.sources.append(source)
      return source
    }
  }
#endif
