/// What came in for a client: an echo's reply, or a datagram. It owns the frame that it came in.
struct Packet: ~Copyable {
  enum Content {
    case echoReply(identifier: UInt16, sequence: UInt16)
    case datagram(from: UInt16, to: UInt16)
  }

  private let frame: Frame
  let source: IPv4Address
  let content: Content
  private let payloadRange: Range<Int>

  init(_ frame: consuming Frame, from source: IPv4Address, _ content: Content, payload: Range<Int>) {
    self.frame = frame
    self.source = source
    self.content = content
    payloadRange = payload
  }

  /// Reads the echo's data, or the datagram's. By a closure, so that the packet can be consumed afterwards in the same
  /// function, which Swift 6.3 refuses where a span of it was in a variable.
  func read<Result>(_ body: (Span<UInt8>) -> Result) -> Result { body(frame.bytes.extracting(payloadRange)) }

  /// True for a datagram that has come to this port from that one.
  func isDatagram(to port: UInt16, from remotePort: UInt16) -> Bool {
    guard case .datagram(let source, let destination) = content else { return false }
    return destination == port && source == remotePort
  }

  consuming func takeFrame() -> Frame { frame }
}
