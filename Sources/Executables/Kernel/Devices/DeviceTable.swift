#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import OutsideDriver
  import Randomness
  import StandardDrivers
  import VirtIO
  import VirtIOBlock
  import VirtIOEntropy

  /// All devices of this machine: the manager, with the drivers that this kernel has, and disks and entropy sources with
  /// their types.
  final class DeviceTable {
    /// Everything that was found, by name and by trait.
    let manager: DeviceManager
    /// Who drives what.
    let drivers = DriverRegistry<MachineTransport>()
    /// The lines of devices; nil when none is to interrupt.
    let lines: DeviceLines?
    /// Devices whose driver comes from outside the package.
    let balloons = Balloons()
    /// Network cards, while they are measured.
    let frameCards = FrameCards()
    private let typed = TypedDevices()
    private var pool: MachineEntropy?
    /// By which to wait.
    let clock: CounterClock

    /// Nothing was found yet.
    ///
    /// - Parameters:
    ///   - clock: by which to wait.
    ///   - memory: for the devices.
    ///   - options: which features to leave out.
    ///   - lines: how devices interrupt; nil to poll.
    init(clock: CounterClock, memory: KernelMemory, options: KernelOptions, lines: DeviceLines?) {
      manager = DeviceManager(log: TerminalLog())
      self.clock = clock
      self.lines = lines
      var blockOptions = BlockOptions()
      var entropyOptions = EntropyOptions()
      if options.avoidsEventIndex {
        blockOptions.features.remove(.eventIndex)
        entropyOptions.features.remove(.eventIndex)
      }
      let early = options.isDisorder ? EarlyInterrupt(memory: memory, clock: clock) : nil
      drivers.register(DiskDriver(devices: typed, options: blockOptions, clock: clock, lines: lines, early: early))
      drivers.register(SourceDriver(devices: typed, options: entropyOptions, clock: clock, lines: lines))
      drivers.register(GPUDriver())
      drivers.register(ConsoleDriver())
      if options.servesFrames || options.isBench {
        drivers.register(FrameCardDriver(cards: frameCards))
      } else {
        drivers.register(NetworkDriver())
      }
      drivers.register(InputDriver())
      if options.usesOutsideDriver { drivers.register(BalloonDriver(user: balloons)) }
    }

    /// All disks that are driven.
    var disks: [any Disk] { typed.disks }
    /// All entropy sources that are driven.
    var sources: [any EntropyDevice] { typed.sources }
    /// Disks that have been made to interrupt before their drivers were ready.
    var earlyInterrupts: Int { typed.earlyInterrupts }
    /// Devices of a known type that could not be brought up.
    var failures: Int { manager.failureCount }
    /// How many disks and entropy sources there are.
    var count: Int { disks.count + sources.count }

    /// The disk or entropy source of this name.
    func device(_ name: String) -> (any Device)? {
      for disk in disks where disk.name == name { return disk }
      for source in sources where source.name == name { return source }
      return nil
    }

    /// The disk of this name.
    func disk(_ name: String) -> (any Disk)? { disks.first { $0.name == name } }

    /// Random bytes for everybody, from every source that is driven: made when they are needed first.
    var entropy: MachineEntropy {
      if let pool { return pool }
      let pool = MachineEntropy()
      // QEMU's devices give what the host's generator gives: full entropy. Half of it is claimed.
      for source in manager.entropySources { _ = pool.add(source, bitsPerByte: 4) }
      self.pool = pool
      return pool
    }

    /// A place for a device, whose interrupts take this route if it is known.
    func makeSlot(_ route: InterruptRoute?) -> KernelSlot {
      let slot = KernelSlot(route, clock: clock, lines: lines)
      typed.slots.append(slot)
      return slot
    }

    /// How often the processor slept for a device that the manager's drivers wait for; nil when it is polled.
    func halts(for name: String) -> UInt? {
      for slot in typed.slots {
        if let halts = slot.halts(for: name) { return halts }
      }
      return nil
    }

    /// Waits for something that does not interrupt.
    func makePollingWaiter() -> KernelWaiter { KernelWaiter(polling: clock) }

    /// Lets go of all devices: each is reset.
    func removeAll() {
      terminal.detach()
      pool = nil
      balloons.removeAll()
      frameCards.removeAll()
      typed.disks = []
      typed.sources = []
      manager.releaseAll()
      typed.slots = []
      // Only now: no device sends anything any more.
      lines?.disconnectAll()
    }
  }
#endif
