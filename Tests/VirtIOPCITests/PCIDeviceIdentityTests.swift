import PCI
import Testing
import VirtIO
import VirtIOPCI

private func type(vendor: UInt16 = 0x1af4, device: UInt16, subsystem: UInt16 = 0x1100) -> DeviceType {
  PCIDeviceIdentity.deviceType(
    of: PCIFunction(
      address: PCIAddress(bus: 0, device: 0), vendorID: vendor, deviceID: device, subsystemID: subsystem))
}

// SPEC: drivernormative:... / PCI Device Discovery 1
@Test func identity_modernIDs_typeIsTheDifference() {
  #expect(type(device: 0x1041) == .network)
  #expect(type(device: 0x1044) == .entropy)
  #expect(type(device: 0x107f) == DeviceType(rawValue: 63))
  #expect(type(device: 0x1040) == .none)
}

// SPEC: drivernormative:... / PCI Device Discovery 2
@Test func identity_transitionalIDs_byTableThenSubsystem() {
  #expect(
    [0x1000, 0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1009].map { type(device: $0) }
      == [.network, .block, .balloon, .console, .scsi, .entropy, .ninePFS])
  #expect(type(device: 0x1001, subsystem: 7) == .block)
  #expect(type(device: 0x1010, subsystem: 16) == .gpu)
}

// SPEC: drivernormative:... / PCI Device Discovery 1
@Test func identity_others_areNone() {
  #expect(type(device: 0x0fff) == .none)
  #expect(type(device: 0x1080) == .none)
  #expect(type(vendor: 0x8086, device: 0x1001) == .none)
}
