internal import DevicePlatform
public import Drawing

/// Names an image that the device has a copy of, and the memory that is drawn on.
public struct GPUSurface: Equatable, Hashable, Sendable {
  /// The device's number for it, never 0, used once in the device's life.
  let id: UInt32
  /// Where the driver keeps it.
  let slot: Int
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// How its pixels lie in memory.
  public let format: PixelFormat

  /// All of it.
  public var bounds: Rectangle { Rectangle(x: 0, y: 0, width: width, height: height) }
  /// Bytes of memory: rows without gaps.
  public var byteCount: Int { width * height * PixelFormat.byteCount }

  /// The longest side of a surface.
  public static var maximumSide: Int { 16_384 }
}

/// What the driver keeps of a surface.
struct GPUSurfaceRecord {
  var surface: GPUSurface
  /// What was drawn and not yet sent.
  var damage: Rectangle
  let memory: GPUSurfaceMemory
  /// The device's answer to its creation or destruction never came: nobody can use it, and its memory stays.
  var isAbandoned: Bool
}

/// A surface's memory. An object, for a table cannot hold buffers.
final class GPUSurfaceMemory {
  var buffer: DMABuffer

  init(_ buffer: consuming DMABuffer) { self.buffer = buffer }

  /// The device may still read it.
  func lose() {
    var lost = DMABuffer()
    swap(&lost, &buffer)
    lost.lose()
  }
}
