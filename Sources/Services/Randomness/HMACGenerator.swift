/// The deterministic random bit generator HMAC_DRBG with SHA-256, of security strength 256: NIST SP 800-90A, revision 1,
/// section 10.1.2.
///
/// When to seed it again, and with what, is the pool's business.
struct HMACGenerator {
  private var key = Digest(repeating: 0)
  private var value = Digest(repeating: 1)

  /// The most bytes of one request: 2^19 bits (table 2).
  static let maximumByteCount = 65_536

  /// Instantiates (10.1.2.3).
  ///
  /// - Parameters:
  ///   - entropy: entropy input and nonce, one behind the other.
  ///   - personalization: need not be secret.
  init(entropy: Span<UInt8>, personalization: Span<UInt8>) { update(entropy, personalization) }

  /// Reseeds (10.1.2.4).
  mutating func reseed(entropy: Span<UInt8>, additional: Span<UInt8>) { update(entropy, additional) }

  /// Generates (10.1.2.5). At most `maximumByteCount` bytes.
  mutating func generate(into destination: inout MutableSpan<UInt8>, additional: Span<UInt8>) {
    let nothing = InlineArray<0, UInt8>(repeating: 0)
    if !additional.isEmpty { update(additional, nothing.span) }
    var index = 0
    while index < destination.count {
      advance()
      var offset = 0
      while offset < 32, index < destination.count {
        destination[index] = value[offset]
        index += 1
        offset += 1
      }
    }
    // Nobody who learns the state now can tell what it gave out.
    update(additional, nothing.span)
  }

  /// V = HMAC(K, V).
  private mutating func advance() {
    var mac = HMAC(key: key)
    mac.update(value)
    value = mac.finish()
  }

  /// The update function (10.1.2.2), of data that comes in two pieces.
  private mutating func update(_ first: Span<UInt8>, _ second: Span<UInt8>) {
    mix(0, first, second)
    if first.isEmpty && second.isEmpty { return }
    mix(1, first, second)
  }

  private mutating func mix(_ separator: UInt8, _ first: Span<UInt8>, _ second: Span<UInt8>) {
    var mac = HMAC(key: key)
    mac.update(value)
    mac.update(separator)
    mac.update(first)
    mac.update(second)
    key = mac.finish()
    advance()
  }
}
