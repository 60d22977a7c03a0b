import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOMMIO

/// Where a device is put: one column of the matrix.
enum Place: String, CaseIterable, CustomTestStringConvertible {
  case aarch64LegacyMMIO = "aarch64 MMIO 1"
  case aarch64MMIO = "aarch64 MMIO 2"
  case riscv64MMIO = "riscv64 MMIO 2"
  case microvmMMIO = "microvm MMIO 2"

  var testDescription: String { rawValue }

  var kind: MachineKind {
    switch self {
    case .aarch64LegacyMMIO, .aarch64MMIO: .aarch64Virt
    case .riscv64MMIO: .riscv64Virt
    case .microvmMMIO: .microvm
    }
  }

  var isLegacy: Bool { self == .aarch64LegacyMMIO }

  /// The device model of this bus, such as `virtio-blk-device`.
  func model(_ name: String) -> String { "virtio-\(name)-device" }
}

/// Which of the two ring features are in use, and who left the others out.
struct RingFeatures: CustomTestStringConvertible {
  var hasEventIndex: Bool
  var hasIndirect: Bool
  /// True when it is the device that does not offer the missing ones, false when the driver does not want them.
  var isDevicesChoice: Bool

  static let all: [RingFeatures] = [
    RingFeatures(hasEventIndex: true, hasIndirect: true, isDevicesChoice: false),
    RingFeatures(hasEventIndex: true, hasIndirect: false, isDevicesChoice: false),
    RingFeatures(hasEventIndex: false, hasIndirect: true, isDevicesChoice: false),
    RingFeatures(hasEventIndex: false, hasIndirect: false, isDevicesChoice: false),
    RingFeatures(hasEventIndex: false, hasIndirect: false, isDevicesChoice: true),
  ]

  var testDescription: String {
    let parts = [hasEventIndex ? "EVENT_IDX" : nil, hasIndirect ? "INDIRECT" : nil].compactMap(\.self)
    return (parts.isEmpty ? "neither" : parts.joined(separator: "+")) + (isDevicesChoice ? ", not offered" : "")
  }

  var features: FeatureSet {
    FeatureSet(arrayLiteral: hasEventIndex ? .eventIndex : [], hasIndirect ? .indirectDescriptors : [])
  }

  /// What the driver wants of the ring.
  var wanted: FeatureSet { isDevicesChoice ? [.eventIndex, .indirectDescriptors] : features }

  /// What follows the device model's name.
  var deviceArguments: String {
    guard isDevicesChoice else { return "" }
    return ",event_idx=\(hasEventIndex ? "on" : "off"),indirect_desc=\(hasIndirect ? "on" : "off")"
  }
}

/// A machine with one device, and the monitor's name for it.
struct Bench {
  let machine: QTestMachine
  let place: Place
  let path: String

  init(_ place: Place, arguments: [String], files: [MemoryFile] = []) throws {
    var configuration = QTestMachine.Configuration(place.kind, arguments: arguments, files: files)
    configuration.isLegacyMMIO = place.isLegacy
    machine = try QTestMachine(configuration)
    self.place = place
    let devices = try machine.monitor.virtioDevices()
    guard devices.count == 1 else { throw QTestError.malformed(what: "devices, expected one", found: "\(devices)") }
    path = devices[0].path
  }

  /// The one device, found by its type.
  func mmioTransport(_ type: DeviceType) throws -> MMIOTransport<QTestRegisters, QTestMemory> {
    for slot in machine.mmioSlots() {
      do throws(TransportError) {
        let transport = try MMIOTransport(registers: slot, memory: machine.memory)
        if transport.deviceType == type { return transport }
      } catch {
        // Empty slots are expected, anything else is not.
        if error != .noDevice { throw error }
      }
    }
    throw TransportError.noDevice
  }

  /// The device's own account, after everything that the driver has written.
  func report() throws -> VirtIODeviceReport {
    try machine.connection.synchronize()
    return try machine.monitor.virtioStatus(path)
  }

  func queue() throws -> VirtIOQueueReport {
    try machine.connection.synchronize()
    return try machine.monitor.queueStatus(path, queue: 0)
  }
}
