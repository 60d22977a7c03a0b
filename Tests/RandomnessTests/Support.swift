import Randomness

/// The bytes of hexadecimal digits.
func bytes(_ digits: String) -> [UInt8] {
  let digits = Array(digits.utf8.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: " ") })
  func value(_ digit: UInt8) -> UInt8 { digit < 0x3a ? digit - 0x30 : digit - 0x57 }
  return stride(from: 0, to: digits.count, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Bytes that look random: a source for tests.
struct NoiseSource {
  var state: UInt64

  mutating func next(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in
      state &+= 0x9e37_79b9_7f4a_7c15
      var word = state
      word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
      return UInt8(truncatingIfNeeded: word ^ word >> 31)
    }
  }
}

struct NoMoreSources: Error {}

extension EntropyPool {
  mutating func source(_ bitsPerByte: Int) throws(NoMoreSources) -> PoolSource {
    guard let source = addSource(bitsPerByte: bitsPerByte) else { throw NoMoreSources() }
    return source
  }

  mutating func add(_ bytes: [UInt8], from source: PoolSource) -> Int { add(bytes.span, from: source) }

  /// Gives a source's bytes until the pool wants no more.
  mutating func satisfy(_ source: PoolSource, _ noise: inout NoiseSource) {
    _ = add(noise.next(wantedByteCount(from: source)), from: source)
  }

  mutating func draw(_ count: Int) throws(RandomRefusal) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xee, count: count)
    var span = bytes.mutableSpan
    try fill(&span)
    return bytes
  }
}
