internal import Drawing
internal import VirtIO

/// A command as the device reads it: a header of 24 bytes, then up to 40 of the command's own. The block that it stands in
/// is as long as the longest command; a device reads as much as the command has.
///
/// SPEC: Device Types / GPU Device / Device Operation / Device Operation: Request header
struct GPURequest {
  static var byteCount: Int { 64 }

  let command: GPUCommand
  private var body = InlineArray<5, UInt64>(repeating: 0)

  init(_ command: GPUCommand) { self.command = command }

  private init(_ command: GPUCommand, _ words: (UInt64, UInt64, UInt64, UInt64)) {
    self.command = command
    (body[0], body[1], body[2], body[3]) = words
  }

  /// Two numbers, the first one first in memory.
  private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) | UInt64(second) << 32 }
  private static func pair(_ first: Int, _ second: Int) -> UInt64 {
    pair(UInt32(truncatingIfNeeded: first), UInt32(truncatingIfNeeded: second))
  }

  static func createResource(_ id: UInt32, width: Int, height: Int, _ format: PixelFormat) -> GPURequest {
    GPURequest(.createResource, (pair(id, format.gpuFormat), pair(width, height), 0, 0))
  }

  static func destroyResource(_ id: UInt32) -> GPURequest { GPURequest(.destroyResource, (UInt64(id), 0, 0, 0)) }

  /// One entry of memory.
  static func attachBacking(_ id: UInt32, address: UInt64, byteCount: Int) -> GPURequest {
    GPURequest(.attachBacking, (pair(id, 1), address, pair(byteCount, 0), 0))
  }

  static func detachBacking(_ id: UInt32) -> GPURequest { GPURequest(.detachBacking, (UInt64(id), 0, 0, 0)) }

  /// Resource 0 switches the scanout off.
  static func setScanout(_ scanout: Int, _ id: UInt32, _ area: Rectangle) -> GPURequest {
    GPURequest(
      .setScanout,
      (pair(area.x, area.y), pair(area.width, area.height), pair(UInt32(truncatingIfNeeded: scanout), id), 0))
  }

  static func flush(_ id: UInt32, _ area: Rectangle) -> GPURequest {
    GPURequest(.flush, (pair(area.x, area.y), pair(area.width, area.height), UInt64(id), 0))
  }

  /// `offset`: of the area's first byte in the memory.
  static func transfer(_ id: UInt32, _ area: Rectangle, offset: Int) -> GPURequest {
    GPURequest(
      .transfer,
      (pair(area.x, area.y), pair(area.width, area.height), UInt64(truncatingIfNeeded: offset), UInt64(id)))
  }

  static func edid(_ scanout: Int) -> GPURequest { GPURequest(.edid, (pair(scanout, 0), 0, 0, 0)) }

  /// Resource 0 hides the cursor.
  static func updateCursor(_ position: GPUCursorPosition, _ id: UInt32, hotX: Int, hotY: Int) -> GPURequest {
    GPURequest(
      .updateCursor,
      (
        pair(position.scanout, position.x), pair(position.y, 0), pair(id, UInt32(truncatingIfNeeded: hotX)),
        pair(hotY, 0)
      ))
  }

  /// The spec has devices ignore the resource. QEMU's, both of them, hide the cursor when it is 0.
  static func moveCursor(_ position: GPUCursorPosition, _ id: UInt32) -> GPURequest {
    GPURequest(.moveCursor, (pair(position.scanout, position.x), pair(position.y, 0), UInt64(id), 0))
  }

  /// Fills the block in, all of it: another request stood there before.
  ///
  /// - Parameter fence: what the answer has to carry, and when; 0 for none.
  func store<T: Transport & ~Copyable>(in header: borrowing RequestHeader<T>, fence: UInt64, _: T.Type) {
    let flags: UInt64 = fence == 0 ? 0 : UInt64(GPUAnswer.fenceFlag)
    header.store(UInt64(command.rawValue) | flags << 32, at: 0)
    header.store(fence, at: 8)
    header.store(0 as UInt64, at: 16)
    for index in 0..<5 { header.store(body[index], at: UInt32(24 + 8 * index)) }
  }
}

/// Where a cursor is. A negative place is one beyond the left or upper edge, as the device understands it.
struct GPUCursorPosition {
  var scanout: Int
  var x: Int
  var y: Int
}

extension PixelFormat {
  /// The device's number for it. SPEC: Device Types / GPU Device / Device Operation / Device Operation: controlq
  var gpuFormat: UInt32 {
    switch self {
    case .bgra: 1
    case .bgrx: 2
    case .argb: 3
    case .xrgb: 4
    case .rgba: 67
    case .xbgr: 68
    case .abgr: 121
    case .rgbx: 134
    }
  }
}
