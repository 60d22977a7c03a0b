/// What a kernel asks first: how much memory, which command line, how fast the clock.
extension FlattenedDeviceTree {
  /// All memory, in the blob's order.
  public func memory() throws(DeviceTreeError) -> [AddressRange] {
    var ranges: [AddressRange] = []
    for node in root.children where node.isEnabled {
      guard let type = node.property("device_type"), type.matches("memory") else { continue }
      ranges += try node.registers()
    }
    return ranges
  }

  /// Memory that the kernel must leave alone: the blob's memory reservation block, then `/reserved-memory`.
  public func reservedMemory() throws(DeviceTreeError) -> [AddressRange] {
    var ranges: [AddressRange] = []
    var offset = reservationsStart
    while let a = word(at: offset), let b = word(at: offset + 4), let c = word(at: offset + 8),
      let d = word(at: offset + 12), a | b | c | d != 0
    {
      ranges.append(AddressRange(address: UInt64(a) << 32 | UInt64(b), byteCount: UInt64(c) << 32 | UInt64(d)))
      offset += 16
    }
    for node in node(atPath: "/reserved-memory")?.children ?? [] where node.isEnabled {
      ranges += try node.registers()
    }
    return ranges
  }

  /// The kernel's command line; nil if there is none.
  public var bootArguments: String? { node(atPath: "/chosen")?.property("bootargs")?.text }

  /// How often the CPUs' time counter ticks in a second, in hertz; nil if the tree does not say (only RISC-V does).
  public func timebaseFrequency() throws(DeviceTreeError) -> UInt32? {
    guard let cpus = node(atPath: "/cpus") else { return nil }
    if let frequency = try cpus.cell("timebase-frequency") { return frequency }
    for cpu in cpus.children {
      if let frequency = try cpu.cell("timebase-frequency") { return frequency }
    }
    return nil
  }

  /// Every enabled device that lists `name` in its `compatible` and has registers, by ascending address.
  ///
  /// - Throws: what is wrong with the first node that cannot be decoded.
  public func devices(compatibleWith name: String) throws(DeviceTreeError) -> [MappedDevice] {
    var devices: [MappedDevice] = []
    for node in nodes where node.isEnabled && node.isCompatible(with: name) {
      guard let window = try node.registers().first else { continue }
      devices.append(
        MappedDevice(
          path: node.path, registers: window, interruptCells: try node.interruptCells(),
          isDMACoherent: node.isDMACoherent))
    }
    devices.sort { $0.registers.address < $1.registers.address }
    return devices
  }
}

/// A device with a window of registers, as a node describes it.
public struct MappedDevice: Hashable, Sendable {
  /// The node's path.
  public var path: String
  /// The first register window, as the CPU sees it.
  public var registers: AddressRange
  /// The raw cells of `interrupts`.
  public var interruptCells: [UInt32]
  /// True if its memory accesses are coherent with the CPU's caches.
  public var isDMACoherent: Bool
}
