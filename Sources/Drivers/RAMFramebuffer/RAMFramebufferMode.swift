internal import DevicePlatform
internal import Drawing
public import FirmwareConfiguration

/// A mode that can be.
struct RAMFramebufferMode {
  let width: Int
  let height: Int
  let format: PixelFormat
  let rowByteCount: Int

  /// The file that takes the address.
  static var fileName: String { "etc/ramfb" }
  /// Its size: address, format, flags, width, height, row, all big-endian.
  static var fileByteCount: UInt32 { 28 }

  init(width: Int, height: Int, format: PixelFormat, rowByteCount: Int?) throws(RAMFramebufferError) {
    guard 16...16_000 ~= width, 16...12_000 ~= height else { throw .invalidSize(width: width, height: height) }
    let least = width * PixelFormat.byteCount
    let row = rowByteCount ?? least
    guard least...1 << 20 ~= row, row % PixelFormat.byteCount == 0 else {
      throw .invalidRow(byteCount: row, least: least)
    }
    (self.width, self.height, self.format, self.rowByteCount) = (width, height, format, row)
  }

  /// Allocates memory and tells the machine where it is.
  func show<Registers: RegisterAccess, Memory: DMAMemory, W: Waiter & ~Copyable>(
    _ memory: Memory, _ firmware: inout FirmwareDevice<Registers, Memory>, _ waiter: inout W
  ) throws(RAMFramebufferError) -> DMABuffer {
    let file = try find(&firmware)
    let pixels = try allocate(height * rowByteCount, 4096, memory)
    var message = try allocate(Int(Self.fileByteCount), 64, memory)
    store(into: &message, at: pixels.deviceAddress.rawValue)
    do throws(FirmwareError) {
      try firmware.write(file.item, from: &message, waiter: &waiter)
    } catch {
      // A transfer that never ended may still take place.
      if case .timedOut = error { pixels.lose() }
      throw .firmware(error)
    }
    return pixels
  }

  private func find<Registers: RegisterAccess, Memory: DMAMemory>(
    _ firmware: inout FirmwareDevice<Registers, Memory>
  ) throws(RAMFramebufferError) -> FirmwareFile {
    let found: FirmwareFile?
    do throws(FirmwareError) { found = try firmware.file(named: Self.fileName) } catch { throw .firmware(error) }
    guard let found else { throw .missing }
    guard found.byteCount == Self.fileByteCount else { throw .wrongFileSize(byteCount: found.byteCount) }
    return found
  }

  private func allocate<Memory: DMAMemory>(
    _ byteCount: Int, _ alignment: Int, _ memory: Memory
  ) throws(RAMFramebufferError) -> DMABuffer {
    do throws(DMAError) {
      return try memory.allocate(byteCount: byteCount, alignment: alignment, direction: .deviceReadable)
    } catch {
      throw .memory(error)
    }
  }

  private func store(into message: inout DMABuffer, at address: UInt64) {
    var bytes = message.mutableBytes
    bytes.storeBytes(of: address.bigEndian, toByteOffset: 0, as: UInt64.self)
    let words = [
      format.fourCC, 0, UInt32(truncatingIfNeeded: width), UInt32(truncatingIfNeeded: height),
      UInt32(truncatingIfNeeded: rowByteCount),
    ]
    for (index, word) in words.enumerated() {
      bytes.storeBytes(of: word.bigEndian, toByteOffset: 8 + 4 * index, as: UInt32.self)
    }
  }
}

extension FirmwareDevice {
  /// The machine has a ramfb.
  public mutating func hasRAMFramebuffer() throws(FirmwareError) -> Bool {
    try file(named: RAMFramebufferMode.fileName) != nil
  }
}

extension PixelFormat {
  /// Four letters that name the format, the first one in the lowest byte. The Linux constants begin with `DRM_FORMAT_`; their
  /// letters name the bits of a little-endian word from the highest on, hence memory from the last byte on.
  var fourCC: UInt32 {
    switch self {
    case .bgra: 0x3432_5241  // AR24
    case .bgrx: 0x3432_5258  // XR24
    case .argb: 0x3432_4142  // BA24
    case .xrgb: 0x3432_5842  // BX24
    case .rgba: 0x3432_4241  // AB24
    case .xbgr: 0x3432_5852  // RX24
    case .abgr: 0x3432_4152  // RA24
    case .rgbx: 0x3432_4258  // XB24
    }
  }
}
