/// All PCI functions that one way of configuration access reaches.
public struct PCIBus<Access: ConfigurationAccess>: Sendable {
  /// How configuration space is reached.
  public let access: Access
  /// The bus that the host bridge leads to.
  public let rootBus: UInt8
  /// The highest bus number that may be used or given out.
  public let lastBus: UInt8

  /// The buses from `rootBus` on.
  public init(access: Access, rootBus: UInt8 = 0, lastBus: UInt8 = 255) {
    self.access = access
    self.rootBus = rootBus
    self.lastBus = lastBus
  }

  /// Every function, a bridge before what is behind it.
  ///
  /// Each bus is visited once, whatever bridges claim; a bridge that leads back, or out of `rootBus ... lastBus`, is
  /// listed and not followed.
  ///
  /// - Parameter assignsBusNumbers: gives numbers to bridges that no firmware has numbered; without it they are listed
  ///   and not followed.
  public func enumerate(assignsBusNumbers: Bool = false) -> [PCIFunction] {
    var scan = PCIScan(bus: self, assignsBusNumbers: assignsBusNumbers)
    scan.visit(rootBus)
    return scan.functions
  }

  /// The function at an address; nil if nothing answers there.
  public func function(at address: PCIAddress) -> PCIFunction? {
    let id = access.load32(address, at: ConfigurationOffset.vendorID)
    let vendorID = UInt16(truncatingIfNeeded: id)
    // Ones: nothing there. Zero: what some bridges answer for nothing there.
    guard vendorID != 0xffff, vendorID != 0 else { return nil }
    let revisionAndClass = access.load32(address, at: ConfigurationOffset.revisionAndClass)
    let layout = access.load8(address, at: ConfigurationOffset.headerType) & 0x7f
    let subsystem = layout == 0 ? access.load32(address, at: ConfigurationOffset.subsystemVendorID) : 0
    return PCIFunction(
      address: address, vendorID: vendorID, deviceID: UInt16(id >> 16),
      revision: UInt8(truncatingIfNeeded: revisionAndClass), classCode: revisionAndClass >> 8, headerLayout: layout,
      subsystemVendorID: UInt16(truncatingIfNeeded: subsystem), subsystemID: UInt16(subsystem >> 16),
      interruptPin: access.load8(address, at: ConfigurationOffset.interruptPin),
      interruptLine: access.load8(address, at: ConfigurationOffset.interruptLine))
  }

  /// What a function may do at present.
  public func command(of function: PCIAddress) -> PCICommand {
    PCICommand(rawValue: access.load16(function, at: ConfigurationOffset.command))
  }

  /// Lets a function do what `command` says, and nothing else.
  public func setCommand(_ command: PCICommand, of function: PCIAddress) {
    access.store16(command.rawValue, function, at: ConfigurationOffset.command)
  }
}

/// One walk over all buses.
struct PCIScan<Access: ConfigurationAccess> {
  let bus: PCIBus<Access>
  let assignsBusNumbers: Bool
  var functions: [PCIFunction] = []
  private var visited = InlineArray<256, Bool>(repeating: false)
  /// The highest number that is in use.
  private var highestBus: UInt8

  init(bus: PCIBus<Access>, assignsBusNumbers: Bool) {
    self.bus = bus
    self.assignsBusNumbers = assignsBusNumbers
    highestBus = bus.rootBus
  }

  /// Recursion ends because no bus is visited twice: at most 256 levels of a few hundred bytes each, and as deep only
  /// if bridges are chained that long.
  mutating func visit(_ number: UInt8) {
    visited[Int(number)] = true
    for device: UInt8 in 0..<32 {
      guard let first = bus.function(at: PCIAddress(bus: number, device: device)) else { continue }
      add(first)
      let headerType = bus.access.load8(first.address, at: ConfigurationOffset.headerType)
      guard headerType & 0x80 != 0 else { continue }
      for function: UInt8 in 1..<8 {
        if let other = bus.function(at: PCIAddress(bus: number, device: device, function: function)) { add(other) }
      }
    }
  }

  private mutating func add(_ function: PCIFunction) {
    functions.append(function)
    guard function.isBridge else { return }
    let secondary = bus.access.load8(function.address, at: ConfigurationOffset.secondaryBus)
    if secondary != 0 {
      guard secondary > bus.rootBus, secondary <= bus.lastBus, !visited[Int(secondary)] else { return }
      highestBus = max(highestBus, secondary)
      visit(secondary)
    } else if assignsBusNumbers, highestBus < bus.lastBus {
      number(function.address)
    }
  }

  /// Numbers a bridge and everything behind it, depth first: until the end of the branch is known, the bridge passes on
  /// every higher number.
  private mutating func number(_ bridge: PCIAddress) {
    highestBus += 1
    let secondary = highestBus
    guard !visited[Int(secondary)] else { return }
    bus.access.store8(bridge.bus, bridge, at: ConfigurationOffset.primaryBus)
    bus.access.store8(secondary, bridge, at: ConfigurationOffset.secondaryBus)
    bus.access.store8(bus.lastBus, bridge, at: ConfigurationOffset.subordinateBus)
    visit(secondary)
    bus.access.store8(highestBus, bridge, at: ConfigurationOffset.subordinateBus)
  }
}
