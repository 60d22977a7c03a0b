#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import VirtIO

  /// Where the kernel's rings and buffers come from.
  typealias KernelMemory = DMAPool<PageAllocator>

  /// A device that the kernel drives, whatever its transport is.
  protocol Device: DrivenDevice {
    /// What the kernel calls it: `vda`, `rng0`.
    var name: String { get }
    /// What it is.
    var type: DeviceType { get }
    /// True when the device follows the drafts before version 1.
    var isLegacy: Bool { get }
    /// Features that the device offered.
    var offered: FeatureSet { get }
    /// Features that its driver would have liked.
    var wanted: FeatureSet { get }
    /// Features that both agreed on.
    var features: FeatureSet { get }
    /// What the device status says at this moment.
    var status: DeviceStatus { get }
    /// The request queue at this moment.
    var queue: QueueState { get }
    /// How its interrupts arrive; nil when it works by polling.
    var connection: DeviceConnection? { get }
    /// What its interrupts told, and how many there were.
    var mailbox: EventMailbox { get }
    /// How often the processor slept for it.
    var halts: UInt { get }

    /// Has its interrupts arrive, and whoever waits for it sleep; false when that cannot be.
    func connect(by way: InterruptWay, _ lines: DeviceLines) -> Bool
    /// Does what the device's line does when it fires.
    func handleInterrupt()
  }
#endif
