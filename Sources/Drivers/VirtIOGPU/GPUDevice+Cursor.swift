public import DevicePlatform
internal import Drawing
internal import VirtIO

/// The cursor: an image of 64 by 64 pixels that the device puts over a scanout. Its queue answers nothing.
///
/// SPEC: Device Types / GPU Device / Device Operation / Device Operation: cursorq
extension GPUDevice where T: ~Copyable {
  /// The side of a cursor, in pixels.
  public static var cursorSide: Int { 64 }

  /// Shows a cursor; sends its image first, and waits until the device has it.
  ///
  /// - Parameters:
  ///   - surface: 64 by 64 pixels, of a format with alpha if not everything is to be covered. Drawn on before.
  ///   - hotX: the column of the image that points, 0 to 63.
  ///   - hotY: the row of the image that points, 0 to 63.
  ///   - scanout: where.
  ///   - x: column of the scanout that is pointed to.
  ///   - y: row of the scanout that is pointed to.
  public mutating func setCursor<W: Waiter & ~Copyable>(
    _ surface: GPUSurface, hotX: Int = 0, hotY: Int = 0, onScanout scanout: Int, x: Int, y: Int, waiter: inout W,
    timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) {
    try check(surface)
    try check(scanout)
    let side = Self.cursorSide
    guard surface.width == side, surface.height == side else {
      throw .cursorSize(width: surface.width, height: surface.height)
    }
    guard 0..<side ~= hotX, 0..<side ~= hotY else {
      throw .areaOutside(Rectangle(x: hotX, y: hotY, width: 1, height: 1), width: side, height: side)
    }
    guard hasRoom(for: 1) else { throw end ?? .busy }
    let fence = try startTransfer(surface, surface.bounds)
    try wait(for: fence, waiter: &waiter, timeout: timeout)
    surfaces[surface.slot]?.damage = .empty
    try point(.updateCursor(GPUCursorPosition(scanout: scanout, x: x, y: y), surface.id, hotX: hotX, hotY: hotY))
    cursorSurfaces[scanout] = surface.id
  }

  /// Moves a scanout's cursor. Does not wait.
  ///
  /// - Throws: `.busy` when the device has not taken earlier places yet: a newer one will do.
  public mutating func moveCursor(onScanout scanout: Int, x: Int, y: Int) throws(GPUError) {
    try check(scanout)
    try point(.moveCursor(GPUCursorPosition(scanout: scanout, x: x, y: y), cursorSurfaces[scanout]))
  }

  /// Takes a scanout's cursor away. Does not wait.
  public mutating func hideCursor(onScanout scanout: Int) throws(GPUError) {
    try check(scanout)
    try point(.updateCursor(GPUCursorPosition(scanout: scanout, x: 0, y: 0), 0, hotX: 0, hotY: 0))
    cursorSurfaces[scanout] = 0
  }

  private mutating func point(_ request: GPURequest) throws(GPUError) {
    poll()
    if let end { throw end }
    do throws(SubmissionRefusal) {
      _ = try cursors.submit { header in request.store(in: header, fence: 0, T.self) }
    } catch {
      throw error == .full ? .busy : .refused(error)
    }
    cursors.publish()
  }
}
