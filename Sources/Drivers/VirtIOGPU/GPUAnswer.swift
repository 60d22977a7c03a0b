internal import DevicePlatform
internal import VirtIO

/// The head of an answer, read once and checked: type, length and fence.
///
/// SPEC: devicenormative:Device Types / GPU Device / Device Operation / Device Operation: Command lifecycle and fencing
enum GPUAnswer {
  /// Bytes of an answer without data.
  static var byteCount: Int { 24 }
  /// Bytes of the answer about displays: 16 of them.
  static var displayByteCount: Int { byteCount + 16 * 24 }
  /// Bytes of the answer with an EDID: its size and four of nothing, then as many as an EDID can have.
  static var edidByteCount: Int { byteCount + 8 + EDID.maximumByteCount }
  /// The VirtIO constant is `VIRTIO_GPU_FLAG_FENCE`.
  static var fenceFlag: UInt32 { 1 }

  /// What is wrong with an answer; nil when nothing is.
  ///
  /// - Parameters:
  ///   - buffer: at least `byteCount` bytes, aligned to 8.
  ///   - written: how many bytes of it came.
  ///   - record: what was asked.
  static func fault(_ buffer: borrowing DMABuffer, written: Int, _ record: GPURecord) -> GPUError? {
    let command = record.command
    guard written >= byteCount else { return .answerTooShort(command, found: written, needed: byteCount) }
    let first = buffer.load64(at: 0)
    let fence = buffer.load64(at: 8)
    let type = UInt32(truncatingIfNeeded: first)
    let flags = UInt32(truncatingIfNeeded: first >> 32)
    guard flags & fenceFlag != 0 else { return .fenceMissing(command) }
    guard fence == record.fence else { return .wrongFence(command, found: fence, expected: record.fence) }
    if type == command.answerType {
      if written < record.minimumByteCount {
        return .answerTooShort(command, found: written, needed: record.minimumByteCount)
      }
      return nil
    }
    if let rejection = GPURejection(rawValue: type) { return .rejected(command, rejection) }
    return .unexpectedAnswer(command, found: type, expected: command.answerType)
  }
}

/// What is kept of a command while the device has it.
struct GPURecord {
  var command: GPUCommand
  /// Its number; commands are numbered from 1 on.
  var fence: UInt64
  /// The shortest answer that says yes.
  var minimumByteCount: Int
  var isInFlight: Bool

  static let none = GPURecord(command: .flush, fence: 0, minimumByteCount: 0, isInFlight: false)
}
