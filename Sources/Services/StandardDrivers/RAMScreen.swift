public import DeviceManager
public import DevicePlatform
public import DeviceTraits
public import Drawing
public import FirmwareConfiguration
internal import RAMFramebuffer

/// ramfb as one of the machine's displays: one screen, on which everything is seen at once. It has no way to tell that
/// somebody looks, or what they would like.
public final class RAMScreen<Registers: RegisterAccess, Memory: DMAMemory>: DisplayDevice, DrivenDevice {
  private var firmware: FirmwareDevice<Registers, Memory>
  private let memory: Memory
  private var waiter: DeviceWaiter
  private var framebuffer: RAMFramebuffer?
  private var mode: DisplayMode?
  private var isOver = false
  // In the middle of something: an exception there is not reported here.
  private var isBusy = false

  /// Takes a machine's ramfb over; its screen stays off.
  ///
  /// - Parameters:
  ///   - firmware: this display's own.
  ///   - memory: where pixels will be, and what `firmware` uses.
  ///   - waiter: waits for transfers.
  /// - Returns: nil on a machine without ramfb.
  public init?(
    _ firmware: consuming FirmwareDevice<Registers, Memory>, memory: Memory, waiter: DeviceWaiter
  ) throws(FirmwareError) {
    var firmware = firmware
    guard try firmware.hasRAMFramebuffer() else { return nil }
    self.firmware = firmware
    self.memory = memory
    self.waiter = waiter
  }

  /// Bytes of memory that are shown, in whole pages; they are never given back.
  public var shownByteCount: Int {
    guard let mode else { return 0 }
    return (mode.width * mode.height * PixelFormat.byteCount + 4095) & ~4095
  }

  /// A display.
  public var role: DeviceRole { .display(self) }
  /// It has no place on a bus.
  public var location: String { "ramfb" }
  /// One.
  public var screenCount: Int { 1 }
  /// As far as can be told.
  public func isConnected(screen: Int) -> Bool { screen == 0 }
  /// It likes all modes.
  public func preferredMode(ofScreen screen: Int) -> DisplayMode { .fallback }
  /// Never.
  public func takeChange() -> Bool { false }

  /// What is shown.
  public func mode(ofScreen screen: Int) -> DisplayMode? {
    screen == 0 ? mode : nil
  }

  /// Shows other memory.
  public func setMode(_ mode: DisplayMode, onScreen screen: Int) throws(DisplayFailure) {
    guard screen == 0 else { throw .noScreen(screen, count: 1) }
    if isOver { throw Self.over }
    guard formats.contains(mode.format) else {
      throw .failed("ramfb shows pixels with blue first, and red third")
    }
    isBusy = true
    defer { isBusy = false }
    do throws(RAMFramebufferError) {
      if self.mode == nil {
        framebuffer = try RAMFramebuffer(
          width: mode.width, height: mode.height, format: mode.format, memory: memory, through: &firmware,
          waiter: &waiter)
      } else {
        try framebuffer?.change(
          width: mode.width, height: mode.height, format: mode.format, memory: memory, through: &firmware,
          waiter: &waiter)
      }
      self.mode = mode
    } catch {
      throw .failed(error.words)
    }
  }

  /// Draws; seen at once.
  public func draw(onScreen screen: Int, _ body: (inout Canvas) -> Void) throws(DisplayFailure) {
    try check(screen)
    isBusy = true
    framebuffer?.draw(body)
    isBusy = false
  }

  /// Draws; seen at once.
  public func drawInEmergency(onScreen screen: Int, presents: Bool, _ body: (inout Canvas) -> Void) -> Bool {
    if screen != 0 || isOver || isBusy || mode == nil { return false }
    framebuffer?.draw(body)
    return true
  }

  /// What QEMU shows.
  public var formats: [PixelFormat] { [.bgrx, .bgra] }

  /// Nothing is left to do.
  public func present(screen: Int) throws(DisplayFailure) { try check(screen) }

  private func check(_ screen: Int) throws(DisplayFailure) {
    guard screen == 0 else { throw .noScreen(screen, count: 1) }
    if isOver { throw Self.over }
    guard mode != nil else { throw .off(screen: 0) }
  }

  private static var over: DisplayFailure { .failed("the display was given up") }

  /// What it shows stays, and so does its memory.
  public func shutDown() -> String? {
    isOver = true
    return mode == nil ? nil : "ramfb cannot be switched off: its memory stays what it is"
  }

  /// Nobody takes it out of a machine.
  public func deviceWasRemoved(_ removal: DeviceRemoval) { isOver = true }
}
