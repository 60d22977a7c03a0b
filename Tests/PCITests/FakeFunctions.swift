import PCI
import Synchronization

/// Functions made of bytes, some of whose bits can be written.
final class FakeFunctions: ConfigurationAccess {
  struct Function: Sendable {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var writable = [UInt8](repeating: 0, count: 4096)

    /// A device with these IDs and a writable command register.
    init(vendorID: UInt16 = 0x1234, deviceID: UInt16 = 1, headerType: UInt8 = 0) {
      set16(vendorID, at: 0)
      set16(deviceID, at: 2)
      bytes[0x0e] = headerType
      writable[4] = 7
      writable[5] = 4
      if headerType & 0x7f == 1 { for offset in 0x18...0x1a { writable[offset] = 0xff } }
    }

    mutating func set16(_ value: UInt16, at offset: Int) {
      bytes[offset] = UInt8(truncatingIfNeeded: value)
      bytes[offset + 1] = UInt8(value >> 8)
    }
    mutating func set32(_ value: UInt32, at offset: Int) {
      set16(UInt16(truncatingIfNeeded: value), at: offset)
      set16(UInt16(value >> 16), at: offset + 2)
    }
    /// A BAR that holds `value` and of which the bits in `mask` can be written.
    mutating func setBAR(_ index: Int, _ value: UInt32, mask: UInt32) {
      set32(value, at: 0x10 + 4 * index)
      for byte in 0..<4 { writable[0x10 + 4 * index + byte] = UInt8(truncatingIfNeeded: mask >> UInt32(8 * byte)) }
    }
    mutating func addCapability(_ id: UInt8, at offset: Int, next: UInt8) {
      bytes[6] |= 0x10
      bytes[offset] = id
      bytes[offset + 1] = next
    }
  }

  private struct State {
    var functions: [PCIAddress: Function]
    var trace: [String] = []
  }
  private let state: Mutex<State>

  init(_ functions: [PCIAddress: Function]) { state = Mutex(State(functions: functions)) }

  /// Every store so far, as `00:04.0 10 <- ffffffff`.
  var trace: [String] { state.withLock { $0.trace } }

  private func load(_ function: PCIAddress, _ offset: Int, _ width: Int) -> UInt32 {
    state.withLock {
      guard let function = $0.functions[function] else { return .max }
      return (0..<width).reduce(0) { $0 | UInt32(function.bytes[offset + $1]) << UInt32(8 * $1) }
    }
  }
  private func store(_ value: UInt32, _ function: PCIAddress, _ offset: Int, _ width: Int) {
    state.withLock {
      $0.trace.append("\(function) \(String(offset, radix: 16)) <- \(String(value, radix: 16))")
      guard $0.functions[function] != nil else { return }
      for byte in 0..<width {
        let mask = $0.functions[function]!.writable[offset + byte]
        let new = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))
        $0.functions[function]!.bytes[offset + byte] = $0.functions[function]!.bytes[offset + byte] & ~mask | new & mask
      }
    }
  }
  func load8(_ function: PCIAddress, at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: load(function, offset, 1)) }
  func load16(_ function: PCIAddress, at offset: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: load(function, offset, 2))
  }
  func load32(_ function: PCIAddress, at offset: Int) -> UInt32 { load(function, offset, 4) }
  func store8(_ value: UInt8, _ function: PCIAddress, at offset: Int) { store(UInt32(value), function, offset, 1) }
  func store16(_ value: UInt16, _ function: PCIAddress, at offset: Int) { store(UInt32(value), function, offset, 2) }
  func store32(_ value: UInt32, _ function: PCIAddress, at offset: Int) { store(value, function, offset, 4) }
}

/// The function that most tests are about.
let slot4 = PCIAddress(bus: 0, device: 4)

func bus(_ function: FakeFunctions.Function) -> PCIBus<FakeFunctions> {
  PCIBus(access: FakeFunctions([slot4: function]))
}
