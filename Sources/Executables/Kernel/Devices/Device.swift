#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO

  /// Where the kernel's rings and buffers come from.
  typealias KernelMemory = DMAPool<PageAllocator>
  /// How the kernel waits: it has nothing else to do.
  typealias KernelWaiter = PollingWaiter<CounterClock>

  /// A device that the kernel drives, whatever its transport is.
  protocol Device: AnyObject {
    /// What the kernel calls it: `vda`, `rng0`.
    var name: String { get }
    /// What it is.
    var type: DeviceType { get }
    /// Where it is, in the words of its bus.
    var location: String { get }
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
  }
#endif
