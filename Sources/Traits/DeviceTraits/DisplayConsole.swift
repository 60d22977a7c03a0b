internal import Drawing

/// Text on a screen, as one of the machine's consoles: UTF-8 in the characters of Latin-1. What was written is seen when
/// the call returns. Nothing comes in.
///
/// A full screen scrolls by moving its pixels, once for each call if it can, and draws nothing but the new lines. When the
/// screen's mode changes, text begins anew at its top.
public final class DisplayConsole: ConsoleDevice {
  private let display: any DisplayDevice
  private let screen: Int
  private var mode: DisplayMode
  private var text: TextScreen
  private var decoder = TextDecoder()
  // The characters of one call; kept for its memory.
  private var characters: [Unicode.Scalar] = []
  // In the middle of a call: an exception there is not reported here.
  private var isBusy = false

  /// A console on an empty screen.
  ///
  /// - Parameters:
  ///   - display: whose; nobody else draws there.
  ///   - screen: one that has a mode, at least 8 by 13 pixels.
  public init(on display: any DisplayDevice, screen: Int = 0) throws(DisplayFailure) {
    guard let mode = display.mode(ofScreen: screen) else { throw .off(screen: screen) }
    guard let text = Self.makeText(mode) else { throw .failed("\(mode.words) has no room for a character") }
    self.display = display
    self.screen = screen
    self.mode = mode
    self.text = text
    try begin()
  }

  private static func makeText(_ mode: DisplayMode) -> TextScreen? {
    guard mode.width >= Font.width, mode.height >= Font.height else { return nil }
    return TextScreen(in: Rectangle(x: 0, y: 0, width: mode.width, height: mode.height))
  }

  private func begin() throws(DisplayFailure) {
    try display.draw(onScreen: screen) { canvas in text.clear(&canvas) }
    try display.present(screen: screen)
  }

  /// As many characters as the screen has room for.
  public var textSize: ConsoleTextSize? { ConsoleTextSize(columns: text.columns, rows: text.rows) }

  /// Draws characters, and presents them: one transfer for all.
  public func write(_ bytes: Span<UInt8>) throws(ConsoleFailure) {
    isBusy = true
    defer { isBusy = false }
    characters.removeAll(keepingCapacity: true)
    for index in bytes.indices {
      let (first, second) = decoder.take(bytes[index])
      if let first { characters.append(first) }
      if let second { characters.append(second) }
    }
    do throws(DisplayFailure) {
      try followMode()
      try display.draw(onScreen: screen) { canvas in text.write(characters, on: &canvas) }
      try display.present(screen: screen)
    } catch {
      throw ConsoleFailure(error.words)
    }
  }

  private func followMode() throws(DisplayFailure) {
    guard let mode = display.mode(ofScreen: screen) else { throw .off(screen: screen) }
    if mode == self.mode { return }
    guard let text = Self.makeText(mode) else { throw .failed("\(mode.words) has no room for a character") }
    self.mode = mode
    self.text = text
    try begin()
  }

  /// Draws a character, and presents what was drawn at the end of a line. Once the display did not do it, it is left alone.
  public func writeInEmergency(_ byte: UInt8) -> Bool {
    if isBusy { return false }
    isBusy = true
    let (first, second) = decoder.take(byte)
    let isDrawn = display.drawInEmergency(onScreen: screen, presents: byte == 10) { canvas in
      if let first { text.write(first, on: &canvas) }
      if let second { text.write(second, on: &canvas) }
    }
    isBusy = !isDrawn
    return isDrawn
  }

  /// A screen says nothing.
  public func read(into destination: inout MutableSpan<UInt8>) throws(ConsoleFailure) -> Int { 0 }
}
