/// Numbers that nobody outside can foresee: SipHash-2-4 of a counter under a secret key (Aumasson and Bernstein, 2012).
/// Identifiers and port numbers are made of them.
struct RandomNumbers {
  private let key: (UInt64, UInt64)
  private var counter: UInt64 = 0

  init(key: (UInt64, UInt64)) { self.key = key }

  mutating func next() -> UInt64 {
    counter &+= 1
    return Self.hash(counter, key)
  }

  mutating func next16() -> UInt16 { UInt16(truncatingIfNeeded: next()) }

  /// A port of the range that is free for such uses: 49152 to 65535.
  mutating func nextPort() -> UInt16 { next16() | 0xc000 }

  /// Of eight bytes, the lowest first.
  static func hash(_ message: UInt64, _ key: (UInt64, UInt64)) -> UInt64 {
    var state = State(key)
    state.absorb(message)
    state.absorb(8 << 56)
    state.c ^= 0xff
    for _ in 0..<4 { state.round() }
    return state.a ^ state.b ^ state.c ^ state.d
  }

  private struct State {
    var a, b, c, d: UInt64

    init(_ key: (UInt64, UInt64)) {
      a = key.0 ^ 0x736f_6d65_7073_6575
      b = key.1 ^ 0x646f_7261_6e64_6f6d
      c = key.0 ^ 0x6c79_6765_6e65_7261
      d = key.1 ^ 0x7465_6462_7974_6573
    }

    mutating func absorb(_ word: UInt64) {
      d ^= word
      round()
      round()
      a ^= word
    }

    mutating func round() {
      a &+= b
      b = b << 13 | b >> 51
      b ^= a
      a = a << 32 | a >> 32
      c &+= d
      d = d << 16 | d >> 48
      d ^= c
      a &+= d
      d = d << 21 | d >> 43
      d ^= a
      c &+= b
      b = b << 17 | b >> 47
      b ^= c
      c = c << 32 | c >> 32
    }
  }
}
