public import DevicePlatform
public import FirmwareConfiguration

/// Why memory is not shown.
public enum RAMFramebufferError: Error, Equatable, Sendable {
  /// The machine has no ramfb.
  case missing
  /// Its file has another size than the 28 bytes that are to be written.
  case wrongFileSize(byteCount: UInt32)
  /// Sides that QEMU does not take.
  case invalidSize(width: Int, height: Int)
  /// A row that is shorter than its pixels, longer than 1 MiB, or not a multiple of 4 bytes.
  case invalidRow(byteCount: Int, least: Int)
  /// No memory for this mode.
  case memory(DMAError)
  /// The machine could not be told.
  case firmware(FirmwareError)

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .missing: "no ramfb: the firmware configuration has no file etc/ramfb"
    case .wrongFileSize(let byteCount): "ramfb: a file of \(byteCount) bytes, expected 28"
    case .invalidSize(let width, let height):
      "ramfb: \(width)x\(height) pixels, expected 16 to 16000 by 16 to 12000"
    case .invalidRow(let byteCount, let least):
      "ramfb: rows of \(byteCount) bytes, expected \(least) to 1048576 and a multiple of 4"
    case .memory(let error): error.words
    case .firmware(let error): error.words
    }
  }
}
