import DeviceTraits
import Drawing
import Testing

/// A screen in a test's own memory, and what was done with it.
private final class PaperScreen: DisplayDevice {
  private(set) var current: DisplayMode?
  private(set) var pixels: [UInt32] = []
  private(set) var damages: [Rectangle] = []
  private(set) var presentations = 0
  var isBroken = false
  private(set) var emergencies = 0
  private(set) var emergencyPresentations = 0
  /// Called by `present`, as an exception in the middle of it would be.
  var whilePresenting: (() -> Void)?

  let screenCount = 1
  func mode(ofScreen screen: Int) -> DisplayMode? { screen == 0 ? current : nil }
  func preferredMode(ofScreen screen: Int) -> DisplayMode { .fallback }
  func isConnected(screen: Int) -> Bool { true }
  func takeChange() -> Bool { false }

  func setMode(_ mode: DisplayMode, onScreen screen: Int) throws(DisplayFailure) {
    current = mode
    pixels = [UInt32](repeating: 0, count: mode.width * mode.height)
  }

  func draw(onScreen screen: Int, _ body: (inout Canvas) -> Void) throws(DisplayFailure) {
    guard let mode = current else { throw .off(screen: screen) }
    var canvas = Canvas(
      pixels.mutableSpan, width: mode.width, height: mode.height, stride: mode.width, format: mode.format)
    body(&canvas)
    damages.append(canvas.damage)
  }

  func present(screen: Int) throws(DisplayFailure) {
    if isBroken { throw .failed("broken") }
    presentations += 1
    whilePresenting?()
  }

  func drawInEmergency(onScreen screen: Int, presents: Bool, _ body: (inout Canvas) -> Void) -> Bool {
    emergencies += 1
    if isBroken { return false }
    guard let mode = current else { return false }
    var canvas = Canvas(
      pixels.mutableSpan, width: mode.width, height: mode.height, stride: mode.width, format: mode.format)
    body(&canvas)
    if presents { emergencyPresentations += 1 }
    return true
  }
}

@Suite struct DisplayConsoleTests {
  private let screen = PaperScreen()

  private func write(_ console: DisplayConsole, _ text: String) throws { try console.write(Array(text.utf8).span) }

  /// What the screen shows when `text` is drawn at once.
  private func picture(_ text: String) -> [UInt32] {
    let mode = screen.current ?? .fallback
    var pixels = [UInt32](repeating: 0, count: mode.width * mode.height)
    var canvas = Canvas(
      pixels.mutableSpan, width: mode.width, height: mode.height, stride: mode.width, format: mode.format)
    var twin = TextScreen(in: canvas.bounds)
    twin.clear(&canvas)
    twin.write(text, on: &canvas)
    return pixels
  }

  @Test func screenWithoutMode_isRefused() throws {
    #expect(throws: DisplayFailure.off(screen: 0)) { _ = try DisplayConsole(on: screen) }
    try screen.setMode(DisplayMode(width: 7, height: 100), onScreen: 0)
    #expect(throws: DisplayFailure.failed("7x100 has no room for a character")) {
      _ = try DisplayConsole(on: screen)
    }
  }

  @Test func text_inPiecesOfAnySize_looksTheSame() throws {
    try screen.setMode(DisplayMode(width: 100, height: 60), onScreen: 0)
    let console = try DisplayConsole(on: screen)
    #expect(console.textSize == ConsoleTextSize(columns: 12, rows: 4))
    let text = "Grüße\nà côté: 5 £\n\n\tœ→😀 end\n"
    for byte in text.utf8 { try console.write([byte].span) }
    #expect(screen.pixels == picture(text) && screen.pixels.contains { $0 != 0 })
  }

  /// A short line costs the line's pixels and no more; a call is presented once.
  @Test func shortLine_touchesItselfOnly() throws {
    try screen.setMode(DisplayMode(width: 800, height: 600), onScreen: 0)
    let console = try DisplayConsole(on: screen)
    try write(console, "\n\nabc")
    #expect(screen.damages.last == Rectangle(x: 0, y: 26, width: 24, height: 13))
    #expect(screen.presentations == 2)
  }

  @Test(
    arguments: [
      ([0x80], "\u{fffd}"), ([0xc3, 0x41], "\u{fffd}A"), ([0xc1, 0x81], "\u{fffd}"), ([0xed, 0xa0, 0x80], "\u{fffd}"),
      ([0xff, 0x42], "\u{fffd}B"), ([0xe2, 0x82, 0xc3, 0xa4], "\u{fffd}ä"), ([0xf4, 0x90, 0x80, 0x80], "\u{fffd}"),
      ([0xe0, 0x80, 0x80], "\u{fffd}"),
    ] as [([UInt8], String)])
  func bytes_thatAreNoText_areShownAsSuch(_ bytes: [UInt8], _ text: String) throws {
    try screen.setMode(DisplayMode(width: 100, height: 60), onScreen: 0)
    let console = try DisplayConsole(on: screen)
    try console.write(bytes.span)
    #expect(screen.pixels == picture(text))
  }

  @Test func modeChange_beginsAnew() throws {
    try screen.setMode(DisplayMode(width: 100, height: 60), onScreen: 0)
    let console = try DisplayConsole(on: screen)
    try write(console, "old\n")
    try screen.setMode(DisplayMode(width: 200, height: 30), onScreen: 0)
    try write(console, "new")
    #expect(screen.pixels == picture("new") && console.textSize == ConsoleTextSize(columns: 25, rows: 2))
  }

  @Test func emergency_continuesTheText_andPresentsEachLine() throws {
    try screen.setMode(DisplayMode(width: 100, height: 60), onScreen: 0)
    let console = try DisplayConsole(on: screen)
    try write(console, "before")
    for byte in "\nGrüße 1\n2\n".utf8 { #expect(console.writeInEmergency(byte)) }
    #expect(screen.pixels == picture("before\nGrüße 1\n2\n"))
    #expect(screen.emergencyPresentations == 3 && screen.presentations == 2)
  }

  /// In the middle of another call nothing of it may be touched.
  @Test func emergencyInTheMiddleOfACall_isRefused() throws {
    try screen.setMode(DisplayMode(width: 100, height: 60), onScreen: 0)
    let console = try DisplayConsole(on: screen)
    var isTaken: [Bool] = []
    screen.whilePresenting = { isTaken.append(console.writeInEmergency(10)) }
    try write(console, "x")
    #expect(isTaken == [false] && screen.emergencies == 0 && screen.pixels == picture("x"))
    screen.whilePresenting = nil
    #expect(console.writeInEmergency(10))
  }

  @Test func emergencyOnABrokenDisplay_isTriedOnce() throws {
    try screen.setMode(DisplayMode(width: 100, height: 60), onScreen: 0)
    let console = try DisplayConsole(on: screen)
    screen.isBroken = true
    for _ in 0..<3 { #expect(!console.writeInEmergency(10)) }
    #expect(screen.emergencies == 1)
  }

  @Test func brokenDisplay_saysSo() throws {
    try screen.setMode(DisplayMode(width: 100, height: 60), onScreen: 0)
    let console = try DisplayConsole(on: screen)
    screen.isBroken = true
    #expect(throws: ConsoleFailure("broken")) { try write(console, "x") }
  }
}
