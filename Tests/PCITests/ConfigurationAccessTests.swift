import DevicePlatform
import PCI
import Synchronization
import Testing

/// A window that notes what is done to it and reads as the low byte of each offset, repeated.
private final class Recorder: Sendable {
  let trace = Mutex<[String]>([])
}

private struct Window: RegisterAccess {
  var recorder = Recorder()
  var byteCount: Int
  private func note(_ text: String) { recorder.trace.withLock { $0.append(text) } }
  func load8(at offset: Int) -> UInt8 { note("r8 \(String(offset, radix: 16))"); return 0x11 }
  func load16(at offset: Int) -> UInt16 { note("r16 \(String(offset, radix: 16))"); return 0x2222 }
  func load32(at offset: Int) -> UInt32 { note("r32 \(String(offset, radix: 16))"); return 0x4444_4444 }
  private func write(_ width: Int, _ value: UInt32, _ offset: Int) {
    note("w\(width) \(String(offset, radix: 16)) \(String(value, radix: 16))")
  }
  func store8(_ value: UInt8, at offset: Int) { write(8, UInt32(value), offset) }
  func store16(_ value: UInt16, at offset: Int) { write(16, UInt32(value), offset) }
  func store32(_ value: UInt32, at offset: Int) { write(32, value, offset) }
  func window(at offset: Int, byteCount: Int) -> Window { self }
  var trace: [String] { recorder.trace.withLock { $0 } }
}

@Test func ports_addressThenData() {
  let window = Window(byteCount: 8)
  let ports = ConfigurationPorts(ports: window)
  let function = PCIAddress(bus: 1, device: 4, function: 2)
  #expect(ports.load16(function, at: 0x0e) == 0x2222)
  ports.store8(7, function, at: 0x3d)
  #expect(window.trace == ["w32 0 8001220c", "r16 6", "w32 0 8001223c", "w8 5 7"])
}

@Test func ports_beyond256Bytes_onesAndDropped() {
  let window = Window(byteCount: 8)
  let ports = ConfigurationPorts(ports: window)
  #expect(ports.load32(slot4, at: 0x100) == .max)
  ports.store32(0, slot4, at: 0x100)
  #expect(window.trace.isEmpty)
}

@Test func ecam_offsetOfAFunction() {
  let window = Window(byteCount: 2 << 20)
  let ecam = ECAM(registers: window, firstBus: 8)
  #expect(ecam.load32(PCIAddress(bus: 9, device: 1, function: 1), at: 0x104) == 0x4444_4444)
  #expect(window.trace == ["r32 109104"])
}

@Test func ecam_outsideTheWindow_onesAndDropped() {
  let window = Window(byteCount: 1 << 20)
  let ecam = ECAM(registers: window, firstBus: 8)
  #expect(ecam.load32(PCIAddress(bus: 9, device: 0), at: 0) == .max)
  #expect(ecam.load8(PCIAddress(bus: 7, device: 0), at: 0) == .max)
  #expect(ecam.load16(PCIAddress(bus: 8, device: 0), at: 4096) == .max)
  ecam.store16(1, PCIAddress(bus: 7, device: 31, function: 7), at: 4)
  #expect(window.trace.isEmpty)
}

@Test func q35_otherHostBridge_untouched() {
  let fake = FakeFunctions([PCIAddress(bus: 0, device: 0): .init(vendorID: 0x8086, deviceID: 0x1237)])
  #expect(!Q35HostBridge.enableECAM(fake, at: 0xb000_0000))
  #expect(fake.trace.isEmpty)
}

@Test func q35_ecamRegister_highHalfFirst() {
  var bridge = FakeFunctions.Function(vendorID: 0x8086, deviceID: 0x29c0)
  for offset in 0x60..<0x68 { bridge.writable[offset] = 0xff }
  let fake = FakeFunctions([PCIAddress(bus: 0, device: 0): bridge])
  #expect(Q35HostBridge.enableECAM(fake, at: 0xb000_0000))
  #expect(fake.trace == ["00:00.0 64 <- 0", "00:00.0 60 <- b0000001"])
}
