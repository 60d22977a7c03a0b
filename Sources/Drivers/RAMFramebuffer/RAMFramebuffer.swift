public import DevicePlatform
public import Drawing
public import FirmwareConfiguration

/// QEMU's simplest display, ramfb: memory that is shown as it is. The machine is told where it lies through fw_cfg; then
/// whatever is drawn is seen. Not a VirtIO device.
///
///     var screen = try RAMFramebuffer(width: 1024, height: 768, memory: memory, through: &firmware, waiter: &waiter)
///     screen.draw { canvas in canvas.clear(.white) }
///
/// There is no way to switch it off. So its memory never becomes anything else's: dropping it loses the memory, and what
/// is shown stays. `change` gives back what it replaces.
public struct RAMFramebuffer: ~Copyable {
  private var mode: RAMFramebufferMode
  private var buffer: DMABuffer

  /// Shows memory, black at first.
  ///
  /// - Parameters:
  ///   - width: in pixels, 16 to 16 000.
  ///   - height: in pixels, 16 to 12 000.
  ///   - format: of the pixels. QEMU shows `bgrx` and `bgra`; what it does not know it leaves without a word, and shows
  ///     nothing or what was there.
  ///   - rowByteCount: from row to row, a multiple of 4; nil for rows without gaps.
  ///   - memory: where the pixels will be.
  ///   - firmware: of the same memory.
  ///   - waiter: waits for the transfer.
  /// - Throws: `.missing` on a machine without ramfb.
  public init<Registers: RegisterAccess, Memory: DMAMemory, W: Waiter & ~Copyable>(
    width: Int, height: Int, format: PixelFormat = .bgrx, rowByteCount: Int? = nil, memory: Memory,
    through firmware: inout FirmwareDevice<Registers, Memory>, waiter: inout W
  ) throws(RAMFramebufferError) {
    let mode = try RAMFramebufferMode(width: width, height: height, format: format, rowByteCount: rowByteCount)
    buffer = try mode.show(memory, &firmware, &waiter)
    self.mode = mode
  }

  deinit { buffer.lose() }

  /// Shows other memory, black at first, in place of this. Parameters are as for the first mode. After an error what was
  /// shown is shown still.
  public mutating func change<Registers: RegisterAccess, Memory: DMAMemory, W: Waiter & ~Copyable>(
    width: Int, height: Int, format: PixelFormat = .bgrx, rowByteCount: Int? = nil, memory: Memory,
    through firmware: inout FirmwareDevice<Registers, Memory>, waiter: inout W
  ) throws(RAMFramebufferError) {
    let mode = try RAMFramebufferMode(width: width, height: height, format: format, rowByteCount: rowByteCount)
    buffer = try mode.show(memory, &firmware, &waiter)
    self.mode = mode
  }

  /// Draws; it is seen at once.
  public mutating func draw(_ body: (inout Canvas) -> Void) {
    let mode = mode
    var canvas = Canvas(
      buffer.mutableWords, width: mode.width, height: mode.height, stride: mode.rowByteCount / PixelFormat.byteCount,
      format: mode.format)
    body(&canvas)
  }

  /// In pixels.
  public var width: Int { mode.width }
  /// In pixels.
  public var height: Int { mode.height }
  /// How pixels lie in memory.
  public var format: PixelFormat { mode.format }
  /// From row to row.
  public var rowByteCount: Int { mode.rowByteCount }
  /// Bytes of memory.
  public var byteCount: Int { buffer.count }
}
