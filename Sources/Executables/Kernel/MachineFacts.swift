#if os(none)
  import BareMetal
  import DeviceTree

  /// What the boot loader says about this machine, of which nothing else can be asked.
  struct MachineFacts {
    /// Where RAM is, in use or not; empty when nobody says it.
    private(set) var ram: [MemoryRange] = []
    /// What no allocator may hand out: the image, firmware, the device tree and what it reserves.
    private(set) var reserved = Machine.reserved
    /// The device tree; nil on x86_64.
    private(set) var tree: FlattenedDeviceTree?
    /// The kernel's command line.
    private(set) var commandLine = ""
    /// Ticks per second of the processor's counter, where only a device tree knows it.
    private(set) var timebaseFrequency: UInt64?
    /// Why the device tree could not be used.
    private(set) var problem: DeviceTreeError?

    /// Reads all there is.
    init() {
      let boot = BootInformation.current
      ram = boot.ram
      commandLine = boot.commandLine
      guard let blob = boot.deviceTree else { return }
      reserved.append(blob)
      do throws(DeviceTreeError) {
        let tree = try Self.readTree(boot)
        for range in try tree.memory() {
          let mapped = MemoryRange(range).intersection(Machine.mapped)
          if !mapped.isEmpty { ram.append(mapped) }
        }
        for range in try tree.reservedMemory() { reserved.append(MemoryRange(range)) }
        timebaseFrequency = try tree.timebaseFrequency().map(UInt64.init)
        commandLine = tree.bootArguments ?? ""
        self.tree = tree
      } catch {
        problem = error
      }
    }

    private static func readTree(_ boot: BootInformation) throws(DeviceTreeError) -> FlattenedDeviceTree {
      let result = boot.withDeviceTree { (blob: Span<UInt8>) -> Result<FlattenedDeviceTree, DeviceTreeError> in
        do throws(DeviceTreeError) {
          return .success(try FlattenedDeviceTree(copying: blob))
        } catch {
          return .failure(error)
        }
      }
      guard let result else { preconditionFailure("only called when there is a device tree") }
      return try result.get()
    }
  }

  extension MemoryRange {
    /// A range of the device tree, whose numbers have 64 bits as addresses here have.
    init(_ range: AddressRange) { self.init(start: UInt(range.address), byteCount: UInt(range.byteCount)) }
  }
#endif
