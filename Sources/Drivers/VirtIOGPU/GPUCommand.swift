/// What a GPU can be asked for: the 2D commands.
///
/// SPEC: Device Types / GPU Device / Device Operation / Device Operation: Request header
public enum GPUCommand: UInt32, Equatable, Sendable {
  /// The VirtIO constant is `VIRTIO_GPU_CMD_GET_DISPLAY_INFO`.
  case displayInformation = 0x0100
  /// The VirtIO constant is `VIRTIO_GPU_CMD_RESOURCE_CREATE_2D`.
  case createResource = 0x0101
  /// The VirtIO constant is `VIRTIO_GPU_CMD_RESOURCE_UNREF`.
  case destroyResource = 0x0102
  /// The VirtIO constant is `VIRTIO_GPU_CMD_SET_SCANOUT`.
  case setScanout = 0x0103
  /// The VirtIO constant is `VIRTIO_GPU_CMD_RESOURCE_FLUSH`.
  case flush = 0x0104
  /// The VirtIO constant is `VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D`.
  case transfer = 0x0105
  /// The VirtIO constant is `VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING`.
  case attachBacking = 0x0106
  /// The VirtIO constant is `VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING`.
  case detachBacking = 0x0107
  /// The VirtIO constant is `VIRTIO_GPU_CMD_GET_EDID`.
  case edid = 0x010a
  /// The VirtIO constant is `VIRTIO_GPU_CMD_UPDATE_CURSOR`.
  case updateCursor = 0x0300
  /// The VirtIO constant is `VIRTIO_GPU_CMD_MOVE_CURSOR`.
  case moveCursor = 0x0301

  /// What it asks for, behind "to".
  public var words: String {
    switch self {
    case .displayInformation: "tell its displays"
    case .createResource: "create a resource"
    case .destroyResource: "destroy a resource"
    case .setScanout: "set a scanout"
    case .flush: "flush a resource"
    case .transfer: "transfer to a resource"
    case .attachBacking: "attach memory to a resource"
    case .detachBacking: "detach memory from a resource"
    case .edid: "tell a display's EDID"
    case .updateCursor: "update the cursor"
    case .moveCursor: "move the cursor"
    }
  }

  /// The type of the answer. VIRTIO_GPU_RESP_OK_NODATA, _OK_DISPLAY_INFO and _OK_EDID.
  var answerType: UInt32 {
    switch self {
    case .displayInformation: 0x1101
    case .edid: 0x1104
    default: 0x1100
    }
  }
}

/// Why a device refused a command, by its own word.
public enum GPURejection: UInt32, Equatable, Sendable {
  /// The VirtIO constant is `VIRTIO_GPU_RESP_ERR_UNSPEC`.
  case unspecified = 0x1200
  /// The VirtIO constant is `VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY`.
  case outOfMemory = 0x1201
  /// The VirtIO constant is `VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID`.
  case invalidScanout = 0x1202
  /// The VirtIO constant is `VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID`.
  case invalidResource = 0x1203
  /// The VirtIO constant is `VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID`.
  case invalidContext = 0x1204
  /// The VirtIO constant is `VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER`.
  case invalidParameter = 0x1205

  var words: String {
    switch self {
    case .unspecified: "no reason given"
    case .outOfMemory: "out of memory"
    case .invalidScanout: "invalid scanout"
    case .invalidResource: "invalid resource"
    case .invalidContext: "invalid context"
    case .invalidParameter: "invalid parameter"
    }
  }
}
