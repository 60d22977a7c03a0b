#if os(none)
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
    private let waiter: KernelWaiter

    /// Nothing was found yet.
    init(waiter: KernelWaiter) { self.waiter = waiter }

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
    }

    /// Brings a device up, and gives it a name.
    ///
    /// - Returns: what to say about it in one line.
    func add<T: Transport & ~Copyable>(_ transport: consuming T) -> String {
      let offered = transport.readDeviceFeatures()
      switch transport.deviceType {
      case .block: return addDisk(transport, offered)
      case .entropy: return addSource(transport, offered)
      default: return "\(transport.location): \(transport.deviceType.name) device, no driver for it in this kernel"
      }
    }

    private func addDisk<T: Transport & ~Copyable>(_ transport: consuming T, _ offered: FeatureSet) -> String {
      let location = transport.location
      let name = Self.diskName(diskNames)
      let options = BlockOptions()
      var waiter = waiter
      diskNames += 1
      do throws(BringupError) {
        let device = try BlockDevice(transport, options: options, waiter: &waiter)
        disks.append(
          TransportDisk(name: name, offered: offered, wanted: options.features, device: device, waiter: waiter))
        return "\(location): block device \(name), \(disks[disks.count - 1].isLegacy ? "legacy" : "modern")"
      } catch {
        failures += 1
        return "\(location): block device \(name) cannot be used: \(error.words)"
      }
    }

    private func addSource<T: Transport & ~Copyable>(_ transport: consuming T, _ offered: FeatureSet) -> String {
      let location = transport.location
      let name = "rng\(sourceNames)"
      let options = EntropyOptions()
      var waiter = waiter
      sourceNames += 1
      do throws(BringupError) {
        let device = try EntropySource(transport, options: options, waiter: &waiter)
        sources.append(
          TransportEntropyDevice(name: name, offered: offered, wanted: options.features, device: device, waiter: waiter)
        )
        return "\(location): entropy device \(name), \(sources[sources.count - 1].isLegacy ? "legacy" : "modern")"
      } catch {
        failures += 1
        return "\(location): entropy device \(name) cannot be used: \(error.words)"
      }
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
