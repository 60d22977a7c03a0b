import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

typealias Transport = MMIOTransport<ScriptedMMIORegisters, TestMemory>

/// A scripted device, its memory, and the transport to it.
struct Bench {
  let heap = DeviceHeap()
  let device: ScriptedDevice
  let memory: TestMemory

  init(_ make: (DeviceHeap) -> ScriptedDevice) {
    device = make(heap)
    memory = TestMemory(heap: heap)
  }

  func transport(_ policy: MMIOVersionPolicy = .any) throws(TransportError) -> Transport {
    try Transport(registers: ScriptedMMIORegisters(device: device), memory: memory, policy: policy)
  }
}

/// The error of a body, for throwing code over noncopyable values.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch { return error }
}
