#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock
  import VirtIOEntropy

  /// All devices that the kernel drives, in the order in which they were found.
  final class DeviceTable {
    private(set) var disks: [any Disk] = []
    private(set) var sources: [any EntropyDevice] = []
    /// Devices of a known type that could not be brought up.
    private(set) var failures = 0
    // A disk that fails keeps its letter, so that those behind it have the same name whatever happens to it.
    private var diskNames = 0
    private var sourceNames = 0
    let clock: CounterClock
    private let options: KernelOptions
    /// The lines of devices; nil when none is to interrupt.
    let lines: DeviceLines?

    /// Nothing was found yet.
    ///
    /// - Parameters:
    ///   - clock: by which to wait.
    ///   - options: which features to leave out.
    ///   - lines: how devices interrupt; nil to poll.
    init(clock: CounterClock, options: KernelOptions, lines: DeviceLines?) {
      self.clock = clock
      self.options = options
      self.lines = lines
    }

    /// How many there are.
    var count: Int { disks.count + sources.count }

    /// The device of this name.
    func device(_ name: String) -> (any Device)? {
      for disk in disks where disk.name == name { return disk }
      for source in sources where source.name == name { return source }
      return nil
    }

    /// The disk of this name.
    func disk(_ name: String) -> (any Disk)? { disks.first { $0.name == name } }

    /// Lets go of all devices: each is reset.
    func removeAll() {
      disks = []
      sources = []
      // Only now: no device sends anything any more.
      lines?.disconnectAll()
    }

    /// Brings a device up, and gives it a name.
    ///
    /// - Returns: what to say about it in one line; nil when it took no message vectors and has to be tried again
    ///   without.
    func add<T: Transport & ~Copyable>(_ transport: consuming T, _ way: InterruptWay) -> String? {
      let offered = transport.readDeviceFeatures()
      switch transport.deviceType {
      case .block: return addDisk(transport, offered, way)
      case .entropy: return addSource(transport, offered, way)
      default:
        release(way)
        return "\(transport.location): \(transport.deviceType.name) device, no driver for it in this kernel"
      }
    }

    private func addDisk<T: Transport & ~Copyable>(
      _ transport: consuming T, _ offered: FeatureSet, _ way: InterruptWay
    ) -> String? {
      let location = transport.location
      let name = Self.diskName(diskNames)
      var options = BlockOptions()
      if self.options.avoidsEventIndex { options.features.remove(.eventIndex) }
      // Bringing up has nothing that interrupts.
      var waiter = KernelWaiter(polling: clock)
      do throws(BringupError) {
        let device = try BlockDevice(transport, options: options, waiter: &waiter)
        diskNames += 1
        disks.append(
          TransportDisk(name: name, offered: offered, wanted: options.features, device: device, waiter: waiter))
        return "\(location): block device \(name), " + connect(disks[disks.count - 1], by: way)
      } catch {
        if isToBeTriedAgain(error, way) { return nil }
        diskNames += 1
        failures += 1
        return "\(location): block device \(name) cannot be used: \(error.words)"
      }
    }

    private func addSource<T: Transport & ~Copyable>(
      _ transport: consuming T, _ offered: FeatureSet, _ way: InterruptWay
    ) -> String? {
      let location = transport.location
      let name = "rng\(sourceNames)"
      var options = EntropyOptions()
      if self.options.avoidsEventIndex { options.features.remove(.eventIndex) }
      // Bringing up has nothing that interrupts.
      var waiter = KernelWaiter(polling: clock)
      do throws(BringupError) {
        let device = try EntropySource(transport, options: options, waiter: &waiter)
        sourceNames += 1
        sources.append(
          TransportEntropyDevice(name: name, offered: offered, wanted: options.features, device: device, waiter: waiter)
        )
        return "\(location): entropy device \(name), " + connect(sources[sources.count - 1], by: way)
      } catch {
        if isToBeTriedAgain(error, way) { return nil }
        sourceNames += 1
        failures += 1
        return "\(location): entropy device \(name) cannot be used: \(error.words)"
      }
    }

    /// A device that takes no vectors may still have a line.
    private func isToBeTriedAgain(_ error: BringupError, _ way: InterruptWay) -> Bool {
      release(way)
      guard case .messages = way, case .transport(.vectorRefused) = error else { return false }
      return true
    }

    private func release(_ way: InterruptWay) {
      if case .messages(let messages) = way { messages.free() }
    }

    /// Has a device interrupt, if it can. Without it, the device works by polling.
    private func connect(_ device: any Device, by way: InterruptWay) -> String {
      let interface = device.isLegacy ? "legacy" : "modern"
      guard let lines else { return interface + ", polled" }
      if device.connect(by: way, lines), let connection = device.connection {
        return interface + ", " + connection.words
      }
      if case .line(let route) = way {
        return interface + ", polled: its interrupt line \(route.line.number) cannot be had"
      }
      return interface + ", polled: its interrupt line is not known"
    }

    /// `vda` ... `vdz`, then `vdaa`.
    private static func diskName(_ index: Int) -> String {
      var letters = ""
      var rest = index
      repeat {
        letters = String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(rest % 26))) + letters
        rest = rest / 26 - 1
      } while rest >= 0
      return "vd" + letters
    }
  }
#endif
