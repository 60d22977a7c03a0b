import DevicePlatform
import PCI
import VirtIO
import VirtIOMMIO
import VirtIOPCI
import VirtIOTestSupport

/// Runs a driver against a device that draws every decision from `bytes`: the first four choose transport, features,
/// queue size and segments.
///
/// - Parameter stepLimit: more accesses of the driver are a hang.
/// - Returns: what the driver did that it must not do; empty when all is well. A trap is for the caller to notice.
public func runHostile<Driver: HostileDriver>(
  _ type: Driver.Type, _ bytes: [UInt8], stepLimit: Int = 400_000
) -> [String] {
  let decisions = Decisions(bytes)
  let transport = decisions.byte()
  let choice = decisions.byte()
  var features: FeatureSet = []
  if choice & 1 != 0 { features.insert(.eventIndex) }
  if choice & 2 != 0 { features.insert(.indirectDescriptors) }
  let heap = DeviceHeap()
  defer { heap.discardAll() }
  let driver = Driver(
    HostileSetup(
      features: features, choice: choice, queueSize: 1 << UInt32(decisions.byte() & 7),
      segments: Int(decisions.byte() & 3) + 1, heap: heap, isLegacy: transport & 1 != 0))
  let adversary = Adversary(decisions, stepLimit: stepLimit)
  let observer = AccessObserver()
  adversary.attach(to: observer, heap)
  let hostile = HostileDevice(driver.device, adversary, answer: driver.answer)
  let memory = ObservedMemory(heap: heap, observer: observer)
  if transport & 2 == 0 {
    // Where the status register is: told here once more, the transports' constants are under test.
    let watch = ResetWatch(offset: 0x70)
    HostileSession(hostile, memory, watch).run(driver) {
      try? MMIOTransport(
        registers: HostileRegisters(ScriptedMMIORegisters(device: driver.device), of: adversary, watch: watch),
        memory: memory)
    }
  } else {
    let watch = ResetWatch(offset: driver.device.isLegacy ? 0x12 : 0x14)
    let bus = PCIBus(
      access: HostileBus(ScriptedPCIBus(ScriptedPCIFunction(device: driver.device)), of: adversary, watch: watch))
    HostileSession(hostile, memory, watch).run(driver) {
      () -> PCITransport<HostileRegisters<ScriptedPCIRegisters>, ObservedMemory>? in
      // Placed anew each time, as by a kernel that boots again.
      var windows = HostileBus.windows
      guard let found = bus.function(at: PCIAddress(bus: 0, device: 4)) else { return nil }
      let placement = bus.place(found, in: &windows)
      return try? PCITransport(function: found, placement: placement, bus: bus, mapper: bus.access, memory: memory)
    }
  }
  observer.hook = nil
  return adversary.findings + heap.violations
}

extension HostileBus {
  /// Where a kernel would place BARs.
  static var windows: ResourceWindows {
    ResourceWindows([
      ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x10_0000),
      ResourceWindow(isIO: true, busAddress: 0xc000, byteCount: 0x4000, space: .ports),
    ])
  }
}
