/// A function's BARs after placement.
public struct Placement: Hashable, Sendable {
  /// The BARs that a function has, placed or not.
  public var registers: [BaseAddressRegister]
  /// Where the CPU finds those that are placed; same order, nil for the others.
  public var locations: [BARLocation?]
  /// Why the others are not.
  public var refusals: [ResourceError]

  /// The BAR of this number and where the CPU finds it; nil if there is none or it has no address.
  public func location(ofBAR index: UInt8) -> BARLocation? {
    for (register, location) in zip(registers, locations) where register.index == index { return location }
    return nil
  }

  /// The number of the first BAR of a kind that has no address; 0 if all have.
  public func firstUnplaced(isIO: Bool) -> UInt8 {
    for (register, location) in zip(registers, locations) where (register.kind == .io) == isIO && location == nil {
      return register.index
    }
    return 0
  }

  /// What the function can be allowed to decode: a space in which it has BARs, and all of them placed. Decoding a space
  /// with a BAR at address 0 would make the function answer there.
  public var decodable: PCICommand {
    var command: PCICommand = []
    for (space, isIO) in [(PCICommand.io, true), (.memory, false)] {
      let own = registers.indices.filter { (registers[$0].kind == .io) == isIO }
      if !own.isEmpty, own.allSatisfy({ locations[$0] != nil }) { command.insert(space) }
    }
    return command
  }
}

/// Where the CPU finds a BAR.
public struct BARLocation: Hashable, Sendable {
  /// The first address or port.
  public var address: UInt64
  /// The size in bytes.
  public var byteCount: UInt64
  /// Whether `address` is one of memory or a port.
  public var space: AddressSpace
  /// True for an I/O BAR; the CPU may reach it through memory nevertheless.
  public var isIO: Bool

  /// A range.
  public init(address: UInt64, byteCount: UInt64, space: AddressSpace = .memory, isIO: Bool = false) {
    self.address = address
    self.byteCount = byteCount
    self.space = space
    self.isIO = isIO
  }
}

extension PCIBus {
  /// Gives every BAR of a function an address that the CPU reaches: the one that firmware gave it if that lies in a
  /// window and nothing else is there, else a new one.
  ///
  /// A BAR for which there is no room stays at 0 and is named in the result: a driver that does not need it goes on.
  /// The function's decoding is as before, or off if a BAR has moved; `enable` switches it on.
  public func place(_ function: PCIFunction, in windows: inout ResourceWindows) -> Placement {
    var placement = Placement(registers: baseAddressRegisters(of: function), locations: [], refusals: [])
    for index in placement.registers.indices {
      if !windows.reserve(placement.registers[index]) {
        setCommand(command(of: function.address).subtracting([.io, .memory]), of: function.address)
        do {
          placement.registers[index].busAddress = try windows.allocate(placement.registers[index])
        } catch {
          placement.registers[index].busAddress = 0
          placement.refusals.append(error)
        }
        write(placement.registers[index], of: function.address)
      }
      let register = placement.registers[index]
      placement.locations.append(
        windows.cpuAddress(of: register).map {
          BARLocation(address: $0.address, byteCount: register.byteCount, space: $0.space, isIO: register.kind == .io)
        })
    }
    return placement
  }

  /// Switches on what a driver needs: decoding of the spaces that are placed, and bus mastering.
  public func enable(_ function: PCIFunction, _ placement: Placement) {
    let command = command(of: function.address).union(placement.decodable).union(.busMaster)
    setCommand(command, of: function.address)
  }
}
