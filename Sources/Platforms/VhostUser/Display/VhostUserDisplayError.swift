/// What a GPU's back-end did wrong towards its display. Nothing more is taken from it.
public enum VhostUserDisplayError: Error, Equatable, Sendable {
  /// A request that the protocol does not have.
  case unknownRequest(code: UInt32)
  /// The back-end hands its pictures over in buffers of a graphics card, which this display cannot read.
  case unsupported(DisplayRequest)
  /// The payload has another size than the request, or than the rectangle in it, in bytes.
  case wrongSize(DisplayRequest, found: UInt32, expected: Int)
  /// A scanout that was never told to be there.
  case scanoutUnknown(DisplayRequest, index: UInt32, count: Int)
  /// A picture, or a part of one, with too long a side or too many pixels.
  case tooLarge(DisplayRequest, width: UInt32, height: UInt32, pixelLimit: Int)
  /// File descriptors beside a message that has none.
  case strayDescriptors(count: Int)
  /// The connection ended inside a message.
  case cutShort(received: Int, expected: Int)
  /// It asks and does not read the answers.
  case answersNotRead(DisplayRequest)
  /// A system call failed: its `errno`.
  case system(errno: Int32)
}

extension VhostUserDisplayError: CustomStringConvertible {
  /// The error in one line: what, which value, what was expected.
  public var description: String {
    switch self {
    case .unknownRequest(let code): "the display was sent message \(code), which there is none of"
    case .unsupported(let request):
      "the display was sent \(request.name): it takes no buffers of graphics cards, expected SCANOUT and UPDATE"
    case .wrongSize(let request, let found, let expected):
      "\(request.name) to the display has \(found) bytes, expected \(expected)"
    case .scanoutUnknown(let request, let index, let count):
      "\(request.name) to the display is about scanout \(index), expected a number below \(count)"
    case .tooLarge(let request, let width, let height, let limit):
      "\(request.name) to the display is about \(width)x\(height) pixels, expected \(limit) in all at most and no side "
        + "above \(VhostUserDisplay.maximumSide)"
    case .strayDescriptors(let count): "the display was sent \(count) file descriptors, expected none"
    case .cutShort(let received, let expected):
      "the display's connection ended inside a message: \(received) of \(expected) bytes came"
    case .answersNotRead(let request): "the back-end does not read the display's answers to \(request.name)"
    case .system(let errno): "the display's connection: error \(errno)"
    }
  }

  /// The section of the protocol's document that this is about; nil where the fault is this side's.
  public var clause: String? {
    switch self {
    case .unsupported, .answersNotRead, .system, .tooLarge: nil
    case .unknownRequest: "vhost-user-gpu protocol: Message types"
    case .cutShort: "vhost-user-gpu protocol: Wire format / Header"
    case .wrongSize, .scanoutUnknown: "vhost-user-gpu protocol: Payload types"
    case .strayDescriptors: "vhost-user-gpu protocol: Communication"
    }
  }
}
