public import DevicePlatform

/// A network card, as the stack sees it: frames out, frames in, each in a buffer that has one owner at a time.
public protocol FramePort: ~Copyable {
  /// The card's address.
  var address: EthernetAddress { get }
  /// The largest packet in bytes, Ethernet header not counted: at least 576.
  var mtu: Int { get }

  /// A buffer for a frame to send, of at least `mtu` and 14 bytes; nil while all are on their way.
  mutating func takeBuffer() -> DMABuffer?
  /// Takes a frame to send, which the card sees at the next `flush`. One that it does not take is lost, and counted by
  /// the card.
  mutating func send(_ frame: consuming Frame)
  /// The next frame that came in, if there is one.
  mutating func receive() -> Frame?
  /// Takes back a received frame, or a buffer from `takeBuffer` that was not sent.
  mutating func giveBack(_ frame: consuming Frame)
  /// Shows the card what was sent and given back; at most one notification for each queue.
  mutating func flush()
  /// Asks for an interrupt when a frame comes in; true if one has already.
  mutating func arm() -> Bool
}
