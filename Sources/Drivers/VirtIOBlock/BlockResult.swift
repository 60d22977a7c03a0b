/// How a block request ended.
@frozen
public enum BlockResult: Equatable, Sendable {
  /// Done. The VirtIO constant is `VIRTIO_BLK_S_OK`.
  case done
  /// The device failed to read or write. The VirtIO constant is `VIRTIO_BLK_S_IOERR`.
  case ioError
  /// The device does not know this request. The VirtIO constant is `VIRTIO_BLK_S_UNSUPP`.
  case unsupported
  /// A status that the spec does not know.
  case unknownStatus(UInt8)
  /// The device returned the request without writing a status.
  case noStatus
  /// The device says that all went well, and that it wrote fewer bytes than were asked for.
  case incomplete(written: UInt32, expected: UInt32)
  /// The device was reset before it finished.
  case aborted

  @inlinable
  init(status: UInt8) {
    switch status {
    case 0: self = .done
    case 1: self = .ioError
    case 2: self = .unsupported
    case 0xff: self = .noStatus
    default: self = .unknownStatus(status)
    }
  }

  /// The result in words.
  public var words: String {
    switch self {
    case .done: "done"
    case .ioError: "I/O error"
    case .unsupported: "the device does not support this request"
    case .unknownStatus(let status): "unknown status \(status), expected 0, 1 or 2"
    case .noStatus: "the device left the status unwritten"
    case .incomplete(let written, let expected): "the device wrote \(written) bytes, expected \(expected)"
    case .aborted: "the device was reset before it finished"
    }
  }
}
