public import DevicePlatform

/// Why the firmware configuration could not be used.
public enum FirmwareError: Error, Equatable, Sendable {
  /// The register window is smaller than the interface.
  case windowTooSmall(byteCount: Int, needed: Int)
  /// The signature is not `QEMU`: no fw_cfg here. The four bytes, the first one in the highest place.
  case noSignature(found: UInt32)
  /// The device says that it has no data register.
  case noDataRegister(features: UInt32)
  /// The device says that it has DMA, and its DMA register does not read `QEMU CFG`.
  case noDMASignature(found: UInt64)
  /// A transfer was asked for of a device without DMA.
  case noDMA
  /// The directory says that it has more files than can be, or than the caller allows.
  case directoryTooLong(count: UInt32, limit: Int)
  /// An entry's number is none that a file can have: the directory has fewer entries than it says, or is damaged.
  case entryNumberInvalid(index: Int, item: UInt16)
  /// An entry's name is empty, too long or not printable ASCII.
  case entryNameInvalid(index: Int)
  /// Two entries have the same name or the same number.
  case entryRepeated(index: Int, first: Int)
  /// A file is larger than the caller allows.
  case tooLarge(byteCount: UInt32, limit: Int)
  /// The device refused a transfer: the item does not exist, cannot be written, or not there.
  case transferRefused(item: UInt16, control: UInt32)
  /// A transfer did not end in time. The device may still write: the buffer is lost, and the device takes nothing more.
  case timedOut(item: UInt16)
  /// An earlier transfer never ended.
  case abandoned
  /// No memory for a transfer.
  case memory(DMAError)
  /// A list of tables is damaged: at this byte.
  case tableMalformed(_ list: StaticString, offset: Int)

  /// `StaticString` has no equality of its own.
  public static func == (a: FirmwareError, b: FirmwareError) -> Bool { a.words == b.words }

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .windowTooSmall(let byteCount, let needed):
      "fw_cfg: a register window of \(byteCount) bytes, the interface has \(needed)"
    case .noSignature(let found): "no fw_cfg: signature \(hex(UInt64(found))), expected 0x51454d55 (\"QEMU\")"
    case .noDataRegister(let features):
      "fw_cfg: features \(hex(UInt64(features))), expected bit 0 (selector and data register)"
    case .noDMASignature(let found):
      "fw_cfg: the DMA register reads \(hex(found)), expected 0x51454d5520434647 (\"QEMU CFG\")"
    case .noDMA: "fw_cfg: this device has no DMA"
    case .directoryTooLong(let count, let limit): "fw_cfg: a directory of \(count) files, expected at most \(limit)"
    case .entryNumberInvalid(let index, let item):
      "fw_cfg: file \(index) of the directory has number \(hex(UInt64(item))), expected 0x20 to 0x3fff"
    case .entryNameInvalid(let index):
      "fw_cfg: file \(index) of the directory has no name of 1 to 55 ASCII characters"
    case .entryRepeated(let index, let first):
      "fw_cfg: file \(index) of the directory has the name or the number of file \(first)"
    case .tooLarge(let byteCount, let limit): "fw_cfg: an item of \(byteCount) bytes, expected at most \(limit)"
    case .transferRefused(let item, let control):
      "fw_cfg: the device refused the transfer of item \(hex(UInt64(item))) (control word \(hex(UInt64(control))))"
    case .timedOut(let item): "fw_cfg: the transfer of item \(hex(UInt64(item))) did not end in time"
    case .abandoned: "fw_cfg: an earlier transfer never ended, the device is not used any more"
    case .memory(let error): error.words
    case .tableMalformed(let list, let offset): "fw_cfg: the list of \(list) is damaged at byte \(offset)"
    }
  }
}

/// A number as `0x1f`, for messages.
func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
