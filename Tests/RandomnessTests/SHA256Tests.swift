import Testing

@testable import Randomness

/// SHA-256 and HMAC against the published examples.
struct SHA256Tests {
  private func digest(_ text: String, pieces: Int = 1) -> String {
    var hash = SHA256()
    let bytes = Array(text.utf8)
    var start = 0
    for piece in 1...pieces {
      let end = bytes.count * piece / pieces
      let part = Array(bytes[start..<end])
      hash.update(part.span)
      start = end
    }
    return string(hash.finish())
  }

  private func string(_ digest: Digest) -> String { hexadecimal((0..<32).map { digest[$0] }) }

  // FIPS 180-4's examples (NIST's "SHA-256 example" pages).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func hash_publishedExamples_inAnyPieces(text: String, expected: String) {
    for pieces in 1...5 { #expect(digest(text, pieces: pieces) == expected) }
  }

  @Test func hash_aMillionLetters_isTheExamples() {
    #expect(
      digest(String(repeating: "a", count: 1_000_000), pieces: 997)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  // RFC 4231, cases 1, 2, 3 and 6.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func hmac_publishedExamples(key: [UInt8], text: [UInt8], expected: String) {
    var mac = HMAC(key: key.span)
    mac.update(text.span)
    #expect(string(mac.finish()) == expected)
  }
}
