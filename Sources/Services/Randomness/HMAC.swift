/// HMAC with SHA-256 (FIPS 198-1), fed in pieces of any size.
struct HMAC {
  private var inner = SHA256()
  private var outerPad = InlineArray<64, UInt8>(repeating: 0x5c)

  init(key: Span<UInt8>) {
    var block = InlineArray<64, UInt8>(repeating: 0)
    if key.count <= 64 {
      for index in key.indices { block[index] = key[index] }
    } else {
      // A key longer than a block is hashed first.
      var hash = SHA256()
      hash.update(key)
      let digest = hash.finish()
      for index in 0..<32 { block[index] = digest[index] }
    }
    for index in 0..<64 {
      inner.update(block[index] ^ 0x36)
      outerPad[index] ^= block[index]
    }
  }

  init(key: Digest) { self.init(key: key.span) }

  mutating func update(_ byte: UInt8) { inner.update(byte) }
  mutating func update(_ bytes: Span<UInt8>) { inner.update(bytes) }
  mutating func update(_ digest: borrowing Digest) { inner.update(digest) }

  mutating func finish() -> Digest {
    let digest = inner.finish()
    var outer = SHA256()
    for index in 0..<64 { outer.update(outerPad[index]) }
    outer.update(digest)
    return outer.finish()
  }
}
