import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

typealias Transport = PCITransport<ScriptedPCIRegisters, TestMemory>

/// Configuration space with one function, at 00:04.0.
struct OneFunction: ConfigurationAccess {
  static let address = PCIAddress(bus: 0, device: 4)
  let function: ScriptedPCIFunction

  private func load(_ address: PCIAddress, _ offset: Int, _ width: Int) -> UInt32 {
    address == Self.address ? function.readConfiguration(at: offset, byteCount: width) : .max
  }
  private func store(_ value: UInt32, _ address: PCIAddress, _ offset: Int, _ width: Int) {
    if address == Self.address { function.writeConfiguration(value, at: offset, byteCount: width) }
  }
  func load8(_ address: PCIAddress, at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: load(address, offset, 1)) }
  func load16(_ address: PCIAddress, at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: load(address, offset, 2)) }
  func load32(_ address: PCIAddress, at offset: Int) -> UInt32 { load(address, offset, 4) }
  func store8(_ value: UInt8, _ address: PCIAddress, at offset: Int) { store(UInt32(value), address, offset, 1) }
  func store16(_ value: UInt16, _ address: PCIAddress, at offset: Int) { store(UInt32(value), address, offset, 2) }
  func store32(_ value: UInt32, _ address: PCIAddress, at offset: Int) { store(value, address, offset, 4) }
}

/// Maps what lies in the scripted function's window, wherever that was placed.
struct WindowMapper: RegisterMapper {
  let function: ScriptedPCIFunction
  let base: UInt64

  func map(address: UInt64, byteCount: UInt64, space: AddressSpace) -> ScriptedPCIRegisters? {
    let window = ScriptedPCIRegisters(function: function)
    guard space == .memory, address & 3 == 0, address >= base, address - base <= UInt64(window.byteCount),
      byteCount <= UInt64(window.byteCount) - (address - base)
    else { return nil }
    return window.window(at: Int(address - base), byteCount: Int(byteCount))
  }
}

/// A scripted PCI function, its memory, and the transport to it.
struct Bench {
  let heap = DeviceHeap()
  let function: ScriptedPCIFunction
  let memory: TestMemory
  /// Where BARs can lie.
  var windows = ResourceWindows([ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x10_0000)])

  var device: ScriptedDevice { function.device }

  init(_ make: (DeviceHeap) -> ScriptedDevice) {
    function = ScriptedPCIFunction(device: make(heap))
    memory = TestMemory(heap: heap)
  }

  /// The function's BARs, placed; what that took is not in the trace.
  func place() throws -> (bus: PCIBus<OneFunction>, function: PCIFunction, placement: Placement) {
    let bus = PCIBus(access: OneFunction(function: function))
    let found = try #require(bus.function(at: OneFunction.address))
    var windows = windows
    let placement = bus.place(found, in: &windows)
    device.trace.clear()
    return (bus, found, placement)
  }

  func transport() throws -> Transport {
    let (bus, found, placement) = try place()
    let base = placement.location(ofBAR: 4)?.address ?? 0
    return try Transport(
      function: found, placement: placement, bus: bus, mapper: WindowMapper(function: function, base: base),
      memory: memory)
  }

  /// Why there is no transport.
  func refusal() throws -> TransportError? {
    do {
      _ = try transport()
      return nil
    } catch let error as TransportError { return error }
  }

  /// Writes little-endian bytes into the configuration space, behind the driver's back.
  func lie(_ value: UInt32, _ byteCount: Int, at offset: Int) {
    for index in 0..<byteCount {
      function.space[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
    }
  }
}

/// A network card with three queues and 12 bytes of configuration.
func network() -> Bench {
  Bench {
    ScriptedDevice(type: .network, queueSizes: [8, 8, 4], configuration: Array(0..<12), heap: $0)
  }
}

/// The error of a body, for throwing code over noncopyable values.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch { return error }
}

/// A capability of the scripted function, by what it leads to.
typealias Capability = ScriptedPCIFunction.Capability
