import DevicePlatform
import PCI
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

/// The walk over a bus, BARs, capability lists, and the transport that is made of them.
enum PCITarget {
  typealias Transport = PCITransport<HostileRegisters<ScriptedPCIRegisters>, ObservedMemory>

  /// The first two bytes choose how the walk is done, and which functions there are.
  static func run(_ bytes: [UInt8]) -> [String] {
    let decisions = Decisions(bytes)
    let walk = decisions.byte()
    // More than every field of every function of every bus.
    let adversary = Adversary(decisions, stepLimit: 2_000_000)
    let heap = DeviceHeap()
    defer { heap.discardAll() }
    let memory = ObservedMemory(heap: heap, observer: AccessObserver())
    let slot = HostileSlots(decisions.byte(), heap)
    adversary.move = { slot.move($0, decisions) }
    let bus = PCIBus(
      access: HostileBus(ScriptedPCIBus(slot.functions), of: adversary), lastBus: walk & 1 == 0 ? 255 : walk >> 1)
    // As they are when somebody looks first.
    for _ in 0..<Int(decisions.byte() & 15) { slot.patch(decisions) }
    let life = PCILife(bus: bus, memory: memory, adversary: adversary, slot: slot)
    life.live(assignsBusNumbers: walk & 128 != 0)
    if !adversary.isHung {
      decisions.stop()
      slot.restore()
      life.serve()
    }
    return adversary.findings + heap.violations
  }
}

/// The functions of a bus, and their configuration space as it was.
final class HostileSlots {
  /// Modern with messages; legacy or transitional; a bridge.
  let functions: [PCIAddress: ScriptedPCIFunction]
  private let addresses: [PCIAddress]
  private let spaces: [[UInt8]]

  init(_ choice: UInt8, _ heap: DeviceHeap) {
    func function(isLegacy: Bool, isTransitional: Bool = false) -> ScriptedPCIFunction {
      let device = EntropyModel().makeDevice(features: [.eventIndex], heap: heap, isLegacy: isLegacy)
      device.trace.isOn = false
      return ScriptedPCIFunction(device: device, isTransitional: isTransitional)
    }
    let first = function(isLegacy: false)
    first.addMessages(count: 1 + Int(choice & 7))
    let second = function(isLegacy: choice & 8 != 0, isTransitional: true)
    let bridge = function(isLegacy: false)
    bridge.space[0x0e] = 1
    bridge.space[0x18] = 0
    bridge.space[0x19] = choice >> 4
    addresses = [
      PCIAddress(bus: 0, device: 4), PCIAddress(bus: choice >> 4, device: 31, function: 7),
      PCIAddress(bus: 0, device: 2),
    ]
    functions = Dictionary(zip(addresses, [first, second, bridge])) { first, _ in first }
    spaces = addresses.map { [functions] in functions[$0]?.space ?? [] }
  }

  func restore() {
    for (address, space) in zip(addresses, spaces) { functions[address]?.space = space }
    for function in functions.values { function.device.hostility = Hostility() }
  }

  /// One byte of one function, more often of its header and capabilities than behind them.
  func patch(_ decisions: Decisions) {
    let choice = decisions.byte()
    let offset = choice & 4 == 0 ? Int(decisions.byte()) : [0x06, 0x0e, 0x19, 0x34][Int(choice >> 6)]
    functions[addresses[Int(choice & 3) % addresses.count]]?.space[offset] = decisions.byte()
  }

  func move(_ choice: UInt8, _ decisions: Decisions) { if choice < 48 { patch(decisions) } }
}

/// A kernel that looks for devices.
struct PCILife {
  let bus: PCIBus<HostileBus>
  let memory: ObservedMemory
  let adversary: Adversary
  let slot: HostileSlots

  func live(assignsBusNumbers: Bool) {
    let found = bus.enumerate(assignsBusNumbers: assignsBusNumbers)
    if Set(found.map(\.address)).count != found.count { adversary.report("a function was found twice") }
    if found.contains(where: { $0.address.bus > bus.lastBus }) { adversary.report("a bus beyond the last one") }
    var windows = HostileBus.windows
    var placed: [BARLocation] = []
    for function in found.prefix(8) {
      let entries = bus.capabilities(of: function.address).entries
      if !Self.areSound(entries) { adversary.report("capabilities at \(entries.map(\.offset))") }
      let placement = bus.place(function, in: &windows)
      adversary.report(Self.findings(placement.registers, placement.locations, &placed))
      open(function, placement)
    }
  }

  /// Behind the header, aligned, none twice.
  static func areSound(_ entries: [PCICapability]) -> Bool {
    entries.count <= 48 && Set(entries.map(\.offset)).count == entries.count
      && entries.allSatisfy { 0x40...0xfc ~= $0.offset && $0.offset & 3 == 0 }
  }

  /// What was placed lies in a window, and nothing lies on anything else.
  static func findings(
    _ registers: [BaseAddressRegister], _ locations: [BARLocation?], _ placed: inout [BARLocation]
  ) -> [String] {
    var findings: [String] = []
    if registers.count != locations.count { findings.append("BARs without locations") }
    for case (let register, let location?) in zip(registers, locations) {
      let size = register.byteCount
      if register.index > 5 || size == 0 || size & (size - 1) != 0 || location.address & (size - 1) != 0 {
        findings.append("BAR \(register.index) of \(size) bytes at \(location.address)")
      }
      if !HostileBus.hasWindow(location) { findings.append("BAR \(register.index) outside of all windows") }
      for other in placed where other.space == location.space {
        if location.address < other.address + other.byteCount, other.address < location.address + size {
          findings.append("BARs at \(other.address) and \(location.address) overlap")
        }
      }
      placed.append(location)
    }
    return findings
  }

  private func open(_ function: PCIFunction, _ placement: Placement) {
    let messages = (0..<3).map { InterruptMessage(address: 0xfee0_0000, data: UInt32($0)) }
    guard
      let transport = try? PCITarget.Transport(
        function: function, placement: placement, bus: bus, mapper: bus.access, memory: memory, messages: messages)
    else { return }
    // Its edges: the last byte of the configuration, the doorbells that a queue gets.
    _ = transport.reset(attempts: 4)
    let byteCount = transport.configurationByteCount
    if byteCount > 0 { _ = transport.readConfiguration8(at: byteCount - 1) }
    for index in [0, 1, 7] as [UInt16] { _ = try? transport.makeDoorbell(queue: index) }
    for message in 0..<transport.messageCount { _ = transport.meaning(ofMessage: message) }
  }

  /// The bus as it is: the first function is found, placed, and opens.
  func serve() {
    var windows = HostileBus.windows
    guard let function = bus.enumerate().first(where: { $0.address == PCIAddress(bus: 0, device: 4) }) else {
      return adversary.report("a function that behaves is not found")
    }
    let placement = bus.place(function, in: &windows)
    do {
      let messages = [InterruptMessage(address: 0xfee0_0000, data: 1)]
      let transport = try PCITarget.Transport(
        function: function, placement: placement, bus: bus, mapper: bus.access, memory: memory, messages: messages)
      if transport.deviceType != .entropy || transport.messageCount != 1 {
        adversary.report("a function that behaves is taken for \(transport.deviceType)")
      }
      _ = try transport.makeDoorbell(queue: 0)
    } catch { adversary.report("a function that behaves does not open: \(error.words)") }
  }
}

extension HostileBus {
  /// Whether all of a range lies in one of `windows`.
  static func hasWindow(_ location: BARLocation) -> Bool {
    windows.windows.contains {
      $0.isIO == location.isIO && location.address >= $0.cpuAddress
        && location.address - $0.cpuAddress <= $0.byteCount
        && location.byteCount <= $0.byteCount - (location.address - $0.cpuAddress)
    }
  }
}
