public import DevicePlatform

/// A network interface for Ethernet frames, whatever drives it.
///
/// Frames own their buffers and are never copied. Nothing but `wait` waits: a driver that has no room gives the frame back.
/// One owner at a time; each operation is one indirect call.
///
///     while let frame = interface.receive() { ... }
///     interface.publish()
///     if !interface.arm() { interface.wait(until: deadline) }
public protocol NetworkDevice: AnyObject {
  /// The interface's Ethernet address, the first byte on the wire first.
  var hardwareAddress: InlineArray<6, UInt8> { get }
  /// The largest payload of a frame in bytes, Ethernet header not counted.
  var mtu: Int { get }
  /// The link carries frames, as far as is known.
  var isLinkUp: Bool { get }
  /// What became of frames so far.
  var counters: InterfaceCounters { get }

  /// A buffer for a frame to send.
  ///
  /// - Parameter byteCount: the frame's size, from the destination address to the end of the data.
  func makeFrame(byteCount: Int) throws(NetworkError) -> NetworkFrame
  /// Takes a frame for sending; the wire sees it with the next `publish`.
  ///
  /// - Returns: the frame, and why, when it was not taken; nil when it was.
  func send(_ frame: consuming NetworkFrame) -> RefusedFrame?
  /// The next frame that came in; nil when there is none. It is the caller's until it is given back.
  func receive() -> NetworkFrame?
  /// Takes back a frame that came in, for others to come in. One that was sent on comes back by itself.
  func recycle(_ frame: consuming NetworkFrame)
  /// Takes back what has left, and shows the wire everything that was sent and given back. At most one notification for
  /// each direction.
  func publish()
  /// Asks to be woken when a frame comes in, until the next `receive`.
  ///
  /// - Returns: true when one has come in already, perhaps without waking anybody: look again, do not wait.
  func arm() -> Bool
  /// Waits until a frame may have come in, or until `deadline`: asleep, if the machine can sleep and the interface
  /// interrupts. For after an `arm` that found nothing. May return early, at any time and for no reason.
  func wait(until deadline: MonotonicTime)
}

/// A frame in a buffer of its own.
public struct NetworkFrame: ~Copyable {
  private var buffer: DMABuffer
  /// Where in the buffer it begins.
  public let offset: Int
  /// How long it is, from the destination address to the end of the data.
  public let byteCount: Int
  /// What is known of its checksum. Changing the frame's bytes leaves it as it is.
  public var checksum: FrameChecksum

  /// A frame in a buffer.
  public init(
    _ buffer: consuming DMABuffer, from offset: Int, byteCount: Int, checksum: FrameChecksum = .unknown
  ) {
    precondition(
      offset >= 0 && byteCount >= 0 && offset <= buffer.count && byteCount <= buffer.count - offset,
      "a frame lies inside its buffer")
    self.buffer = buffer
    self.offset = offset
    self.byteCount = byteCount
    self.checksum = checksum
  }

  /// The frame's bytes.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get { buffer.bytes.extracting(offset..<offset + byteCount) }
  }

  /// One of the frame's bytes.
  public subscript(index: Int) -> UInt8 {
    get {
      precondition(0..<byteCount ~= index, "a byte of a frame")
      return buffer[offset + index]
    }
    set {
      precondition(0..<byteCount ~= index, "a byte of a frame")
      buffer[offset + index] = newValue
    }
  }

  /// The buffer that the frame lies in.
  public consuming func takeBuffer() -> DMABuffer { buffer }
}

/// A frame that was not taken, and why.
public struct RefusedFrame: ~Copyable {
  private let frame: NetworkFrame
  /// Why.
  public let error: NetworkError

  /// Gives a frame back.
  public init(_ frame: consuming NetworkFrame, because error: NetworkError) {
    self.frame = frame
    self.error = error
  }

  /// The frame.
  public consuming func takeFrame() -> NetworkFrame { frame }
}

/// Why a network interface did not do what it was asked.
public enum NetworkError: Error, Equatable, Sendable {
  /// No room at the moment.
  case full
  /// Longer than the link allows, Ethernet header included.
  case tooLong(byteCount: Int, limit: Int)
  /// Shorter than an Ethernet header.
  case tooShort(byteCount: Int)
  /// The device failed or is gone, or there is no memory: the driver's words.
  case failed(String)

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .full: "the interface has no room for another frame"
    case .tooLong(let byteCount, let limit): "a frame of \(byteCount) bytes, the link takes \(limit)"
    case .tooShort(let byteCount): "a frame of \(byteCount) bytes, expected at least 14"
    case .failed(let words): words
    }
  }
}
