internal import DevicePlatform

/// A control message's first eight bytes, all little-endian: port, event, value.
///
/// SPEC: Device Types / Console Device / Device Operation / Multiport Device Operation
struct ConsoleMessage {
  static var byteCount: Int { 8 }

  var port: UInt32
  var event: UInt16
  var value: UInt16

  /// By the driver: ready for messages. The VirtIO constant is `VIRTIO_CONSOLE_DEVICE_READY`.
  static var deviceReady: UInt16 { 0 }
  /// The VirtIO constant is `VIRTIO_CONSOLE_DEVICE_ADD`.
  static var portAdd: UInt16 { 1 }
  /// The VirtIO constant is `VIRTIO_CONSOLE_DEVICE_REMOVE`.
  static var portRemove: UInt16 { 2 }
  /// By the driver: a port can, or cannot, be used. The VirtIO constant is `VIRTIO_CONSOLE_PORT_READY`.
  static var portReady: UInt16 { 3 }
  /// The VirtIO constant is `VIRTIO_CONSOLE_CONSOLE_PORT`.
  static var consolePort: UInt16 { 4 }
  /// Columns and rows follow. The VirtIO constant is `VIRTIO_CONSOLE_RESIZE`.
  static var resize: UInt16 { 5 }
  /// By both. The VirtIO constant is `VIRTIO_CONSOLE_PORT_OPEN`.
  static var portOpen: UInt16 { 6 }
  /// The name follows. The VirtIO constant is `VIRTIO_CONSOLE_PORT_NAME`.
  static var portName: UInt16 { 7 }

  init(port: UInt32, event: UInt16, value: UInt16) {
    self.port = port
    self.event = event
    self.value = value
  }

  /// Of a buffer with at least `byteCount` bytes.
  init(_ buffer: borrowing DMABuffer) {
    port = UInt32(Self.word(buffer, at: 0)) | UInt32(Self.word(buffer, at: 2)) << 16
    event = Self.word(buffer, at: 4)
    value = Self.word(buffer, at: 6)
  }

  static func word(_ buffer: borrowing DMABuffer, at offset: Int) -> UInt16 {
    UInt16(buffer[offset]) | UInt16(buffer[offset + 1]) << 8
  }

  func store(into buffer: inout DMABuffer) {
    let bits = UInt64(port) | UInt64(event) << 32 | UInt64(value) << 48
    for index in 0..<Self.byteCount { buffer[index] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * index)) }
  }
}
