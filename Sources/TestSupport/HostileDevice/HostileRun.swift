import DevicePlatform
import PCI
import VirtIO
import VirtIOBlock
import VirtIOEntropy
import VirtIOMMIO
import VirtIOPCI
import VirtIOTestSupport

/// What a run drives.
public enum HostileTarget: String, CaseIterable, Sendable {
  /// The block driver.
  case block
  /// The entropy driver.
  case entropy
}

/// Runs a driver against a device that draws every decision from `bytes`: the first four choose transport, features,
/// queue size and segments.
///
/// - Parameter stepLimit: more accesses of the driver are a hang.
/// - Returns: what the driver did that it must not do; empty when all is well. A trap is for the caller to notice.
public func runHostile(_ target: HostileTarget, _ bytes: [UInt8], stepLimit: Int = 400_000) -> [String] {
  let decisions = Decisions(bytes)
  let transport = decisions.byte()
  let features = decisions.byte()
  let size = UInt32(1) << UInt32(decisions.byte() & 7)
  let segments = Int(decisions.byte() & 3) + 1
  var wanted: FeatureSet = []
  if features & 1 != 0 { wanted.insert(.eventIndex) }
  if features & 2 != 0 { wanted.insert(.indirectDescriptors) }
  let heap = DeviceHeap()
  let observer = AccessObserver()
  let memory = ObservedMemory(heap: heap, observer: observer)
  let isLegacy = transport & 1 != 0
  let good =
    switch target {
    case .block: BlockModel(sectors: 64).makeDevice(features: wanted, queueSize: size, heap: heap, isLegacy: isLegacy)
    case .entropy: EntropyModel().makeDevice(features: wanted, queueSize: size, heap: heap, isLegacy: isLegacy)
    }
  let hostile = HostileDevice(good, decisions, stepLimit: stepLimit)
  hostile.attach(to: observer)
  let session = HostileSession(hostile: hostile, memory: memory, target: target, segments: segments)
  if transport & 2 == 0 {
    session.run {
      try? MMIOTransport(registers: HostileRegisters(ScriptedMMIORegisters(device: good), of: hostile), memory: memory)
    }
  } else {
    let function = ScriptedPCIFunction(device: good)
    let bus = PCIBus(access: HostileBus(ScriptedPCIBus(function), of: hostile))
    session.run { () -> PCITransport<HostileRegisters<ScriptedPCIRegisters>, ObservedMemory>? in
      // Placed anew each time, as by a kernel that boots again.
      var windows = ResourceWindows([
        ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x10_0000),
        ResourceWindow(isIO: true, busAddress: 0xc000, byteCount: 0x4000, space: .ports),
      ])
      guard let found = bus.function(at: PCIAddress(bus: 0, device: 4)) else { return nil }
      let placement = bus.place(found, in: &windows)
      return try? PCITransport(function: found, placement: placement, bus: bus, mapper: bus.access, memory: memory)
    }
  }
  observer.hook = nil
  var findings = hostile.findings
  if !heap.violations.isEmpty { findings += heap.violations }
  return findings
}
