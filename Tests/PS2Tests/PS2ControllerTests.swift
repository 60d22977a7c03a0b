import DevicePlatform
import InputEvents
import PS2
import Testing
import VirtIOTestSupport

struct PS2ControllerTests {
  private let device = ScriptedController()

  private func open() throws(PS2Error) -> PS2Controller<ScriptedController> {
    var waiter = TestWaiter(step: .milliseconds(100))
    return try PS2Controller(device, waiter: &waiter)
  }

  /// All frames that wait: type, code, value of each event; `[-1]` in front of one after a loss.
  private func keys(_ bytes: [UInt8]) throws -> [[Int]] {
    var controller = try open()
    device.send(bytes)
    var frame = InputFrame()
    var events: [[Int]] = []
    while controller.nextKeyboardFrame(&frame) {
      if frame.isOverrun { events.append([-1]) }
      events += frame.map { [Int($0.code), Int($0.value)] }
    }
    return events
  }

  private func motion(_ bytes: [UInt8]) throws -> [[[Int]]] {
    var controller = try open()
    device.send(bytes, mouse: true)
    var frame = InputFrame()
    var frames: [[[Int]]] = []
    while controller.nextMouseFrame(&frame) {
      frames.append(frame.map { [Int($0.type.rawValue), Int($0.code), Int($0.value)] })
    }
    return frames
  }

  @Test func bringUp_findsBothAndStopsInterrupts() throws {
    let controller = try open()
    #expect(controller.hasKeyboard && controller.hasMouse)
    #expect(device.configuration == 0x40 && device.rates == [200, 100, 80])
    #expect(device.isKeyboardReporting && device.isMouseReporting && device.output.isEmpty)
  }

  @Test func bringUp_whatIsLeftFromBefore_isDropped() throws {
    device.send([0x1e, 0x9e, 0xfa, 0x55])
    var controller = try open()
    var frame = InputFrame()
    #expect(controller.hasKeyboard && controller.nextKeyboardFrame(&frame) == false)
  }

  @Test func bringUp_withoutKeyboardOrMouse_goesOn() throws {
    device.hasMouse = false
    #expect(try open().hasMouse == false && open().hasKeyboard)
    device.hasMouse = true
    device.hasKeyboard = false
    #expect(try open().hasMouse && open().hasKeyboard == false)
  }

  @Test func bringUp_nothingThere_isAnError() {
    device.isAbsent = true
    #expect(throws: PS2Error.absent) { _ = try open().hasKeyboard }
    device.isAbsent = false
    device.isMute = true
    #expect(throws: PS2Error.selfTestFailed(answer: nil)) { _ = try open().hasKeyboard }
    device.neverTakes = true
    #expect(throws: PS2Error.noAnswer(command: 0xad)) { _ = try open().hasKeyboard }
  }

  @Test func keys_goDownUpAndRepeat() throws {
    #expect(try keys([0x1e, 0x1e, 0x9e, 0x9e, 0x58, 0xd8]) == [[30, 1], [30, 2], [30, 0], [88, 1], [88, 0]])
  }

  @Test func keys_withAPrefix_areOthers() throws {
    #expect(
      try keys([0xe0, 0x1d, 0x1d, 0xe0, 0x9d, 0xe0, 0x48, 0xe0, 0x53, 0xe0, 0x5b])
        == [[97, 1], [29, 1], [97, 0], [103, 1], [111, 1], [125, 1]])
    // Pause tells both at once; the shift codes of old are no keys.
    #expect(
      try keys([0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5, 0xe0, 0x2a, 0xe0, 0x37]) == [[119, 1], [119, 0], [99, 1]])
  }

  @Test func keys_thatAreNone_areLeftOut() throws {
    #expect(try keys([0x55, 0x7f, 0xe0, 0x01, 0xe0, 0x7f, 0xe1, 0x33, 0x1e]) == [[30, 1]])
  }

  @Test func keys_lostByTheKeyboard_areAnOverrun() throws {
    #expect(try keys([0x1e, 0xff, 0x1e, 0xe0, 0x00, 0x1f]) == [[30, 1], [-1], [30, 1], [-1], [31, 1]])
  }

  /// Every sequence of bytes ends without a trap, and tells keys that there are.
  @Test func anyBytes_areTaken() throws {
    var generator = SplitMix64(seed: 8)
    for _ in 0..<50 {
      let bytes = (0..<200).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      for event in try keys(bytes) where event != [-1] {
        #expect(1...127 ~= event[0] && 0...2 ~= event[1])
      }
      for event in try motion(bytes).joined() where event[0] == 2 { #expect(abs(event[2]) <= 256) }
    }
  }

  @Test func motion_hasSignsButtonsAndWheel() throws {
    #expect(try motion([0x08, 5, 7, 0]) == [[[2, 0, 5], [2, 1, -7]]])
    #expect(try motion([0x38, 0xfb, 0xf9, 0]) == [[[2, 0, -5], [2, 1, 7]]])
    #expect(
      try motion([0x09, 0, 0, 0, 0x0e, 0, 0, 0xff, 0x0e, 0, 0, 0])
        == [[[1, 0x110, 1]], [[1, 0x110, 0], [1, 0x111, 1], [1, 0x112, 1], [2, 8, 1]]])
    // A distance that did not fit is none.
    #expect(try motion([0xc8, 5, 7, 0, 0x08, 1, 0, 0]) == [[[2, 0, 1]]])
  }

  @Test func mouse_withoutWheel_hasPacketsOfThree() throws {
    device.mouseIdentity = 0
    #expect(try motion([0x08, 1, 0, 0x08, 2, 0]) == [[[2, 0, 1]], [[2, 0, 2]]])
  }

  @Test func mouse_outOfStep_findsTheBeginningAgain() throws {
    var controller = try open()
    device.send([0x00, 0x01, 0x08, 3, 0, 0], mouse: true)
    var frame = InputFrame()
    #expect(controller.nextMouseFrame(&frame) == true && controller.strayByteCount == 2)
    #expect(Array(frame) == [InputEvent(.relative, code: 0, value: 3)])
  }

  @Test func bytes_thatNobodyReads_areAnOverrun() throws {
    var controller = try open()
    var frame = InputFrame()
    device.send([UInt8](repeating: 0x1e, count: 300))
    for _ in 0..<3 { _ = controller.nextMouseFrame(&frame) }
    var count = 0
    while controller.nextKeyboardFrame(&frame), !frame.isOverrun { count += 1 }
    #expect(frame.isOverrun && count == 255)
    device.send([0x1f])
    #expect(controller.nextKeyboardFrame(&frame) == true && frame.first?.code == 31 && !frame.isOverrun)
  }

  @Test func lights_areSwitchedOneByOne_andKeysMeanwhileStay() throws {
    var waiter = TestWaiter(step: .milliseconds(100))
    var controller = try open()
    try controller.set(.capsLock, isOn: true, waiter: &waiter)
    #expect(device.lights == 4)
    device.send([0x1e])
    try controller.set(.numberLock, isOn: true, waiter: &waiter)
    #expect(device.lights == 6)
    device.resends = 1
    try controller.set(.capsLock, isOn: false, waiter: &waiter)
    #expect(device.lights == 2)
    var frame = InputFrame()
    #expect(controller.nextKeyboardFrame(&frame) == true && frame.first?.code == 30)
    #expect(controller.nextKeyboardFrame(&frame) == false)
  }

  @Test func lights_ofAKeyboardThatDoesNotAnswer_areAnError() throws {
    var waiter = TestWaiter(step: .milliseconds(100))
    var controller = try open()
    device.resends = 3
    #expect(
      failure { () throws(PS2Error) in try controller.set(.capsLock, isOn: true, waiter: &waiter) }
        == .noAnswer(command: 0xed))
    device.isMute = true
    #expect(
      failure { () throws(PS2Error) in try controller.set(.capsLock, isOn: true, waiter: &waiter) }
        == .noAnswer(command: 0xed))
    device.isMute = false
    device.hasKeyboard = false
    var other = try open()
    #expect(failure { () throws(PS2Error) in try other.set(.capsLock, isOn: true, waiter: &waiter) } == .noKeyboard)
  }
}

/// What a body throws.
private func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch {
    return error
  }
}
