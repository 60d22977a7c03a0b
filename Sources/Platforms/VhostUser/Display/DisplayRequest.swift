/// What a GPU's back-end tells its display, or asks it for. Numbers are in the processor's own order: both sides run on
/// one machine.
public enum DisplayRequest: UInt32, Sendable, CaseIterable {
  case getProtocolFeatures = 1
  case setProtocolFeatures = 2
  case getDisplayInformation = 3
  case moveCursor = 4
  case hideCursor = 5
  case updateCursor = 6
  case setScanout = 7
  case update = 8
  case setBufferScanout = 9
  case updateBuffer = 10
  case getEDID = 11
  case setBufferScanout2 = 12

  /// The name in the protocol's document, without `VHOST_USER_GPU_`.
  public var name: String {
    switch self {
    case .getProtocolFeatures: "GET_PROTOCOL_FEATURES"
    case .setProtocolFeatures: "SET_PROTOCOL_FEATURES"
    case .getDisplayInformation: "GET_DISPLAY_INFO"
    case .moveCursor: "CURSOR_POS"
    case .hideCursor: "CURSOR_POS_HIDE"
    case .updateCursor: "CURSOR_UPDATE"
    case .setScanout: "SCANOUT"
    case .update: "UPDATE"
    case .setBufferScanout: "DMABUF_SCANOUT"
    case .updateBuffer: "DMABUF_UPDATE"
    case .getEDID: "GET_EDID"
    case .setBufferScanout2: "DMABUF_SCANOUT2"
    }
  }

  /// How many bytes follow the header; of an update as many as come before its pixels. nil for what is not taken:
  /// pictures in buffers of a graphics card.
  var byteCount: Int? {
    switch self {
    case .getProtocolFeatures, .getDisplayInformation: 0
    case .getEDID: 4
    case .setProtocolFeatures: 8
    case .moveCursor, .hideCursor, .setScanout: 12
    case .update: 20
    case .updateCursor: 20 + 4 * DisplayCursor.side * DisplayCursor.side
    case .setBufferScanout, .updateBuffer, .setBufferScanout2: nil
    }
  }
}
