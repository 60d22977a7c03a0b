import DevicePlatform
import FirmwareConfiguration
import VirtIOTestSupport

typealias Firmware = FirmwareDevice<ScriptedFirmwareRegisters, TestMemory>

/// A scripted fw_cfg device and its memory.
struct Bench {
  let heap = DeviceHeap()
  let memory: TestMemory
  let device: ScriptedFirmware
  let isPortMapped: Bool

  init(isPortMapped: Bool = false) {
    memory = TestMemory(heap: heap)
    device = ScriptedFirmware(heap: heap)
    self.isPortMapped = isPortMapped
  }

  func open(byteCount: Int? = nil) throws(FirmwareError) -> Firmware {
    var registers = device.registers(isPortMapped: isPortMapped)
    if let byteCount { registers = registers.window(at: 0, byteCount: byteCount) }
    return try Firmware(registers, interface: isPortMapped ? .ports : .memory, memory: memory)
  }

  /// The error of opening the device.
  func openError(byteCount: Int? = nil) -> FirmwareError? {
    failure { () throws(FirmwareError) in _ = try open(byteCount: byteCount) }
  }

  /// Nothing was done that the device's description does not allow, and all memory is back.
  var isClean: Bool { device.violations == [] && heap.violations == [] && memory.buffersInUse == 0 }
}

func failure(_ body: () throws(FirmwareError) -> Void) -> FirmwareError? {
  do throws(FirmwareError) {
    try body()
    return nil
  } catch {
    return error
  }
}

func bytes(_ count: Int, seed: Int = 1) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + seed) } }
