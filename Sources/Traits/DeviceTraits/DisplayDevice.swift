public import Drawing

/// Screens to draw on, whatever drives them. One owner at a time; each operation is one indirect call.
///
///     try display.setMode(display.preferredMode(ofScreen: 0), onScreen: 0)
///     try display.draw(onScreen: 0) { canvas in canvas.clear(.white) }
///     try display.present(screen: 0)
public protocol DisplayDevice: AnyObject {
  /// How many screens there are, 1 or more.
  var screenCount: Int { get }

  /// What a screen shows; nil while it is off or does not exist.
  func mode(ofScreen screen: Int) -> DisplayMode?
  /// What a screen would like to show, as far as it tells; otherwise a mode that every screen has.
  func preferredMode(ofScreen screen: Int) -> DisplayMode
  /// Somebody looks at the screen, as far as the device tells.
  func isConnected(screen: Int) -> Bool
  /// Shows a picture of this size in place of what was shown, black at first.
  ///
  /// - Throws: what was wrong; then what was shown is shown still.
  func setMode(_ mode: DisplayMode, onScreen screen: Int) throws(DisplayFailure)

  /// Draws on a screen's memory.
  ///
  /// - Throws: when the screen is off or does not exist; then `body` was not called.
  func draw(onScreen screen: Int, _ body: (inout Canvas) -> Void) throws(DisplayFailure)
  /// Makes everything seen that was drawn since the last time.
  func present(screen: Int) throws(DisplayFailure)

  /// Draws without memory and without waiting for long: for a kernel that is going down, also in the middle of another
  /// operation.
  ///
  /// - Parameter presents: it is seen when the call returns, with what was drawn so before; as far as the device does its
  ///   part within a second.
  /// - Returns: whether the display has a way to do that now. What it did not do once it may never do again.
  func drawInEmergency(onScreen screen: Int, presents: Bool, _ body: (inout Canvas) -> Void) -> Bool

  /// The formats that its screens can have.
  var formats: [PixelFormat] { get }

  /// Whether screens came, went or would like another mode since the last call.
  func takeChange() -> Bool

  /// What was wrong with what the device told of its screens when it was asked last, in words; nil if nothing was.
  var complaint: String? { get }
}

extension DisplayDevice {
  /// A display without such a way.
  public func drawInEmergency(onScreen screen: Int, presents: Bool, _ body: (inout Canvas) -> Void) -> Bool { false }
  /// Nobody was asked.
  public var complaint: String? { nil }
  /// All.
  public var formats: [PixelFormat] { PixelFormat.allCases }
}

/// Size and format of a picture.
public struct DisplayMode: Equatable, Sendable {
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// How its pixels lie in memory.
  public let format: PixelFormat

  /// A mode; whether a screen can have it, `setMode` says.
  public init(width: Int, height: Int, format: PixelFormat = .bgrx) {
    self.width = width
    self.height = height
    self.format = format
  }

  /// What screens that do not tell are given.
  public static let fallback = DisplayMode(width: 1024, height: 768)

  /// The mode in a word.
  public var words: String { "\(width)x\(height)" }
}

/// Why a display did not do what it was asked.
public enum DisplayFailure: Error, Equatable, Sendable {
  /// There is no such screen.
  case noScreen(Int, count: Int)
  /// The screen has no mode yet.
  case off(screen: Int)
  /// The device did not do it, or is gone: the driver's words.
  case failed(String)

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .noScreen(let screen, let count): "screen \(screen), expected a number below \(count)"
    case .off(let screen): "screen \(screen) is off"
    case .failed(let words): words
    }
  }
}
