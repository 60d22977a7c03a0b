import VirtIONetwork

/// The checksum of a region by the book: 16-bit words, end-around carry.
func reference(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt32 = 0
  for index in stride(from: 0, to: bytes.count, by: 2) {
    sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
    sum = (sum & 0xffff) + (sum >> 16)
  }
  return ~UInt16(sum)
}

/// A UDP frame without a checksum but that of the pseudo header, and the same complete.
func datagram(_ payload: Int) -> (partial: [UInt8], complete: [UInt8]) {
  var frame = frameBytes(14 + 20 + 8 + payload, seed: payload + 9)
  let pseudo: [UInt8] = Array(frame[26..<34]) + [0, 17, UInt8((8 + payload) >> 8), UInt8((8 + payload) & 0xff)]
  frame[40] = 0
  frame[41] = 0
  let whole = reference(pseudo + frame[34...])
  let half = ~reference(pseudo)
  var complete = frame
  (frame[40], frame[41]) = (UInt8(half >> 8), UInt8(half & 0xff))
  let value = whole == 0 ? 0xffff : whole
  (complete[40], complete[41]) = (UInt8(value >> 8), UInt8(value & 0xff))
  return (frame, complete)
}

/// Where that checksum is.
let udp = PartialChecksum(start: 34, offset: 6)
