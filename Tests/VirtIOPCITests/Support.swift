import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

typealias Transport = PCITransport<ScriptedPCIRegisters, TestMemory>

/// A scripted PCI function, its memory, and the transport to it.
struct Bench {
  let heap = DeviceHeap()
  let function: ScriptedPCIFunction
  let memory: TestMemory
  /// Where BARs can lie.
  var windows = ResourceWindows([
    ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x10_0000),
    ResourceWindow(isIO: true, busAddress: 0xc000, byteCount: 0x4000, space: .ports),
  ])

  var device: ScriptedDevice { function.device }

  init(isTransitional: Bool = false, _ make: (DeviceHeap) -> ScriptedDevice) {
    function = ScriptedPCIFunction(device: make(heap), isTransitional: isTransitional)
    memory = TestMemory(heap: heap)
  }

  /// The function's BARs, placed; what that took is not in the trace.
  func place() throws -> (bus: PCIBus<ScriptedPCIBus>, function: PCIFunction, placement: Placement) {
    let bus = PCIBus(access: ScriptedPCIBus(function))
    let found = try #require(bus.function(at: PCIAddress(bus: 0, device: 4)))
    var windows = windows
    let placement = bus.place(found, in: &windows)
    device.trace.clear()
    return (bus, found, placement)
  }

  func transport(_ policy: PCIInterfacePolicy = .any) throws -> Transport {
    let (bus, found, placement) = try place()
    return try Transport(
      function: found, placement: placement, bus: bus, mapper: bus.access, memory: memory, policy: policy)
  }

  /// Why there is no transport.
  func refusal(_ policy: PCIInterfacePolicy = .any) throws -> TransportError? {
    do {
      _ = try transport(policy)
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

/// The same, legacy.
func legacyNetwork(queueSizes: [UInt32] = [8, 8, 4]) -> Bench {
  Bench {
    ScriptedDevice(
      type: .network, features: FeatureSet(rawValue: 0x2000_0021), queueSizes: queueSizes,
      configuration: Array(0..<12), heap: $0, isLegacy: true)
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
