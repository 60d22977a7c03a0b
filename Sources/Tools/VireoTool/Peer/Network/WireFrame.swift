// What lies in the frames between this tool and a guest that is measured.

import VirtualMachine

/// A frame of the protocol: both addresses, a type for experiments, the kind, and numbers of four bytes with the lowest
/// first. `Benchmarks/Peer/frames.c` and the kernel's `FrameService` are the other end.
///
///     guest                         tool
///     hello               ->                     now and then, until the first load
///                         <-        load         direction, bytes of a frame, number of frames
///     ready               ->                     has read its counters
///     data ...            ->                     either this
///                         <-        data ...     or this,
///     taken ...           ->                     with the number after the last one, every 64 frames;
///                         <-        stop         then no more come,
///     taken               ->                     and 1 as a second number
///     result              ->                     frames, interrupts, frames out of turn, doorbells
///                         <-        end          of the guest
package struct WireFrame: Equatable, Sendable {
  package enum Kind: UInt8, Sendable {
    case data, hello, load, ready, taken, result, stop, end
  }

  package var kind: Kind
  package var words: [UInt32] = []
  /// From the destination address to the end of the data.
  package var byteCount = leastByteCount

  static let leastByteCount = 60
  static let type: [UInt8] = [0x88, 0xb5]
  static let guest: [UInt8] = [0x52, 0x54, 0, 0, 0, 1]
  static let tool: [UInt8] = [0x52, 0x54, 0, 0, 0, 2]

  /// The answer to `stop`.
  var isLast: Bool { kind == .taken && words[1] == 1 }

  /// Type and kind of frames that are counted.
  package static var mark: [UInt8] { type + [Kind.data.rawValue, 0] }

  package init(_ kind: Kind, words: [UInt32] = [], byteCount: Int = leastByteCount) {
    self.kind = kind
    self.words = words
    self.byteCount = byteCount
  }

  /// What is in a frame; nil for one that is not of the protocol.
  package init?(_ bytes: [UInt8]) {
    let place = FrameWire.markOffset
    guard bytes.count >= Self.leastByteCount, bytes[place..<place + 2].elementsEqual(Self.type),
      let kind = Kind(rawValue: bytes[place + 2])
    else { return nil }
    self.init(kind, byteCount: bytes.count)
    words = (0..<4).map { word in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[FrameWire.numberOffset + 4 * word + $1]) << UInt32(8 * $1) }
    }
  }

  /// The frame, on its way to the guest.
  package var bytes: [UInt8] {
    var bytes = Self.guest + Self.tool + Self.type + [kind.rawValue, 0]
    for word in words { bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
    return bytes + [UInt8](repeating: 0, count: max(0, byteCount - bytes.count))
  }
}
