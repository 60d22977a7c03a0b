/// What kind of device this is: the spec's device ID. Open, because devices are numbered faster than drivers are written.
@frozen
public struct DeviceType: RawRepresentable, Hashable, Sendable {
  /// The device ID; 0 means that there is no device.
  public var rawValue: UInt32
  /// Any number is a device type, known or not.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// No device: an empty slot.
  public static let none = DeviceType(rawValue: 0)
  /// Network card. The VirtIO constant is `VIRTIO_ID_NET`.
  public static let network = DeviceType(rawValue: 1)
  /// Block device. The VirtIO constant is `VIRTIO_ID_BLOCK`.
  public static let block = DeviceType(rawValue: 2)
  /// Console. The VirtIO constant is `VIRTIO_ID_CONSOLE`.
  public static let console = DeviceType(rawValue: 3)
  /// Entropy source. The VirtIO constant is `VIRTIO_ID_RNG`.
  public static let entropy = DeviceType(rawValue: 4)
  /// Traditional memory balloon. The VirtIO constant is `VIRTIO_ID_BALLOON`.
  public static let balloon = DeviceType(rawValue: 5)
  /// SCSI host. The VirtIO constant is `VIRTIO_ID_SCSI`.
  public static let scsi = DeviceType(rawValue: 8)
  /// 9P transport. The VirtIO constant is `VIRTIO_ID_9P`.
  public static let ninePFS = DeviceType(rawValue: 9)
  /// GPU. The VirtIO constant is `VIRTIO_ID_GPU`.
  public static let gpu = DeviceType(rawValue: 16)
  /// Input device. The VirtIO constant is `VIRTIO_ID_INPUT`.
  public static let input = DeviceType(rawValue: 18)
  /// Socket device. The VirtIO constant is `VIRTIO_ID_VSOCK`.
  public static let socket = DeviceType(rawValue: 19)
  /// File system. The VirtIO constant is `VIRTIO_ID_FS`.
  public static let fileSystem = DeviceType(rawValue: 26)

  /// The spec's name in lower case; `type N` for one that is not known here.
  public var name: String {
    switch self {
    case .none: "none"
    case .network: "network"
    case .block: "block"
    case .console: "console"
    case .entropy: "entropy"
    case .balloon: "balloon"
    case .scsi: "scsi"
    case .ninePFS: "9p"
    case .gpu: "gpu"
    case .input: "input"
    case .socket: "socket"
    case .fileSystem: "file system"
    default: "type \(rawValue)"
    }
  }
}
