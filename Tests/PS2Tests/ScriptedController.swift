import DevicePlatform

/// A keyboard controller with a keyboard and a mouse, as far as their driver is concerned. Numbers are written out here
/// because the driver's constants are under test.
///
/// Unchecked: used by the one thread that runs driver and device.
final class ScriptedController: RegisterAccess, @unchecked Sendable {
  let byteCount = 5
  /// What there is.
  var hasKeyboard = true
  var hasMouse = true
  var mouseIdentity: UInt8 = 3
  var isAbsent = false
  var isMute = false
  var neverTakes = false
  /// Keyboard commands that are asked for again.
  var resends = 0
  /// What waits for the driver.
  var output: [(byte: UInt8, isMouse: Bool)] = []
  private(set) var configuration: UInt8 = 0x03
  private(set) var lights: UInt8?
  private(set) var rates: [UInt8] = []
  private(set) var isKeyboardReporting = false
  private(set) var isMouseReporting = false
  private var command: UInt8?
  private var keyboardCommand: UInt8?
  private var mouseCommand: UInt8?

  func send(_ bytes: [UInt8], mouse: Bool = false) { for byte in bytes { output.append((byte, mouse)) } }

  func load8(at offset: Int) -> UInt8 {
    if isAbsent { return 0xff }
    if offset == 0 { return output.isEmpty ? 0 : output.removeFirst().byte }
    let waiting: UInt8 = output.isEmpty ? 0 : (output[0].isMouse ? 0x21 : 1)
    return waiting | (neverTakes ? 2 : 0) | 0x14
  }

  func store8(_ value: UInt8, at offset: Int) {
    if isMute || isAbsent { return }
    if offset == 4 { return order(value) }
    switch command {
    case 0x60?: configuration = value
    case 0xd4?: if hasMouse { tellMouse(value) }
    default: if hasKeyboard { tellKeyboard(value) }
    }
    command = nil
  }

  private func order(_ value: UInt8) {
    command = nil
    switch value {
    case 0xaa: output.append((0x55, false))
    case 0x20: output.append((configuration, false))
    case 0x60, 0xd4: command = value
    default: break
    }
  }

  private func tellKeyboard(_ value: UInt8) {
    if resends > 0 {
      resends -= 1
      output.append((0xfe, false))
      return
    }
    if keyboardCommand == 0xed { lights = value }
    keyboardCommand = keyboardCommand == nil && value == 0xed ? value : nil
    output.append((0xfa, false))
    if value == 0xff { output.append((0xaa, false)) }
    if value == 0xf4 { isKeyboardReporting = true }
  }

  private func tellMouse(_ value: UInt8) {
    if mouseCommand == 0xf3 { rates.append(value) }
    mouseCommand = mouseCommand == nil && value == 0xf3 ? value : nil
    output.append((0xfa, true))
    switch value {
    case 0xff: send([0xaa, 0], mouse: true)
    case 0xf2: send([mouseIdentity], mouse: true)
    case 0xf4: isMouseReporting = true
    default: break
    }
  }

  func load16(at offset: Int) -> UInt16 { fatalError("eight bits at a time") }
  func load32(at offset: Int) -> UInt32 { fatalError("eight bits at a time") }
  func store16(_ value: UInt16, at offset: Int) { fatalError("eight bits at a time") }
  func store32(_ value: UInt32, at offset: Int) { fatalError("eight bits at a time") }
  func window(at offset: Int, byteCount: Int) -> ScriptedController { self }
}
