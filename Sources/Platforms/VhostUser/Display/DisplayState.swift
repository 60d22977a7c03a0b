import CVhostUser

/// What a display knows, and how it takes messages apart. Messages come in pieces; whoever looks at the display takes
/// those that have arrived first, so that what a back-end sent before it answered a driver is seen.
struct DisplayState {
  struct Screen {
    /// What it would like to show; nil while it is off.
    var mode: DisplayMode?
    var picture: DisplayPicture?
    var cursor = DisplayCursor()
    var updateCount = 0
    var clippedUpdateCount = 0
  }

  var screens: [Screen]
  let pixelLimit: Int
  /// `events_read` of the GPU's configuration.
  var events: UInt32 = 0
  /// What the back-end chose of the protocol's features; nil before it did.
  var protocolFeatures: UInt64?
  var failure: VhostUserDisplayError?
  var connection: DisplayConnection?

  /// The VirtIO constant is `VIRTIO_GPU_EVENT_DISPLAY`.
  static let displayEvent: UInt32 = 1
  /// EDIDs can be asked for. The protocol's constant is `VHOST_USER_GPU_PROTOCOL_F_EDID`.
  static let edidFeature: UInt64 = 1
  static let headerByteCount = 12
  /// How much is taken at a time: more than fits a socket, and then somebody else gets a turn.
  private static let portion = 4 << 20
  /// How many pixels are made at a time, for the same reason: pictures are announced in a few bytes. As many as sixteen of
  /// 4096 by 4096 have.
  private static let pixelPortion = 256 << 20

  /// The message that is being received: its first bytes, and how many it is known to have.
  private var message: [UInt8] = []
  private var expected = DisplayState.headerByteCount
  /// Pixels that were made since somebody began to take messages.
  private var pixelsMade = 0

  init(_ modes: [DisplayMode?], pixelLimit: Int) {
    screens = modes.map { Screen(mode: $0) }
    self.pixelLimit = pixelLimit
  }

  /// Begins anew with another back-end, which has shown nothing yet.
  mutating func begin(_ connection: DisplayConnection) {
    self.connection?.end()
    self = DisplayState(screens.map(\.mode), pixelLimit: pixelLimit)
    self.connection = connection
  }

  /// Takes what has arrived, and answers.
  mutating func takeMessages() {
    do throws(VhostUserDisplayError) {
      var room = Self.portion
      pixelsMade = 0
      while let connection, room > 0, pixelsMade < Self.pixelPortion {
        let wanted = expected - message.count
        switch try connection.receive(wanted, into: &message) {
        case .nothing: return
        case .end:
          self.connection = nil
          connection.end()
          guard message.isEmpty else { throw .cutShort(received: message.count, expected: expected) }
        case .bytes(let count):
          room -= count
          if message.count == expected { try advance(connection) }
        }
      }
    } catch {
      failure = error
      connection?.end()
      connection = nil
      message = []
    }
  }

  /// All that is known of the message's length is there.
  private mutating func advance(_ connection: DisplayConnection) throws(VhostUserDisplayError) {
    let header = MessageBytes(message)
    guard let request = DisplayRequest(rawValue: header.word(at: 0)) else {
      throw .unknownRequest(code: header.word(at: 0))
    }
    // The word in between has flags, which only answers have. QEMU's back-end leaves there in an UPDATE what its memory had.
    let size = header.word(at: 8)
    if message.count == Self.headerByteCount {
      guard let byteCount = request.byteCount else { throw .unsupported(request) }
      guard request == .update ? size >= UInt32(byteCount) : size == UInt32(byteCount) else {
        throw .wrongSize(request, found: size, expected: byteCount)
      }
      expected += byteCount
      if byteCount > 0 { return }
    }
    let payload = MessageBytes(Array(message[Self.headerByteCount...].prefix(20)))
    if request == .update, message.count == Self.headerByteCount + 20 {
      let pixels = try pixelCount(request, payload.word(at: 12), payload.word(at: 16))
      guard size == UInt32(20 + 4 * pixels) else { throw .wrongSize(request, found: size, expected: 20 + 4 * pixels) }
      expected += 4 * pixels
      if pixels > 0 { return }
    }
    try perform(request, payload, connection)
    message.removeAll(keepingCapacity: true)
    expected = Self.headerByteCount
  }

  private func pixelCount(
    _ request: DisplayRequest, _ width: UInt32, _ height: UInt32
  ) throws(VhostUserDisplayError) -> Int {
    guard width <= VhostUserDisplay.maximumSide, height <= VhostUserDisplay.maximumSide,
      Int(width) * Int(height) <= pixelLimit
    else { throw .tooLarge(request, width: width, height: height, pixelLimit: pixelLimit) }
    return Int(width) * Int(height)
  }

  private func screen(
    _ request: DisplayRequest, _ payload: MessageBytes
  ) throws(VhostUserDisplayError) -> Int {
    let index = payload.word(at: 0)
    guard index < screens.count else { throw .scanoutUnknown(request, index: index, count: screens.count) }
    return Int(index)
  }

  /// - Parameter payload: its first 20 bytes, or all if it has less.
  private mutating func perform(
    _ request: DisplayRequest, _ payload: MessageBytes, _ connection: DisplayConnection
  ) throws(VhostUserDisplayError) {
    switch request {
    case .getProtocolFeatures: try connection.answer(request, .longWord(Self.edidFeature))
    case .setProtocolFeatures: protocolFeatures = payload.longWord(at: 0)
    case .getDisplayInformation: try connection.answer(request, DisplayAnswer.information(screens.map(\.mode)))
    case .getEDID:
      try connection.answer(request, DisplayAnswer.identification(screens[try screen(request, payload)].mode))
    case .moveCursor, .hideCursor, .updateCursor:
      let index = try screen(request, payload)
      screens[index].cursor.x = Int32(bitPattern: payload.word(at: 4))
      screens[index].cursor.y = Int32(bitPattern: payload.word(at: 8))
      screens[index].cursor.isVisible = request != .hideCursor
      if request == .updateCursor { screens[index].cursor.takeImage(payload, message) }
    case .setScanout:
      let index = try screen(request, payload)
      let (width, height) = (payload.word(at: 4), payload.word(at: 8))
      let count = try pixelCount(request, width, height)
      pixelsMade += count
      screens[index].picture = count == 0 ? nil : DisplayPicture(width: Int(width), height: Int(height))
    case .update:
      let index = try screen(request, payload)
      let numbers = (1...4).map { Int(payload.word(at: 4 * $0)) }
      screens[index].updateCount += 1
      let isWhole = screens[index].picture?.copy(
        x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3], from: message,
        at: Self.headerByteCount + 20)
      if isWhole != true { screens[index].clippedUpdateCount += 1 }
    case .setBufferScanout, .updateBuffer, .setBufferScanout2: throw .unsupported(request)
    }
  }
}

extension DisplayCursor {
  /// - Parameter message: with its header; the image is its end.
  fileprivate mutating func takeImage(_ payload: MessageBytes, _ message: [UInt8]) {
    (hotX, hotY) = (payload.word(at: 12), payload.word(at: 16))
    let image = MessageBytes(Array(message.suffix(4 * pixels.count)))
    for index in pixels.indices { pixels[index] = image.word(at: 4 * index) }
  }
}
