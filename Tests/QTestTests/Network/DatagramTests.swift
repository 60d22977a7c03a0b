import Testing

@Suite struct DatagramTests {
  /// The control of the tests' own sums: a datagram, and each of its bytes changed.
  @Test func datagram_withAByteChanged_isNotRight() throws {
    // The sum was made by another program.
    let hex = "52550a00020352540012345608004500002000004000401122ba0a00020f0a000203c0000035000c2665002a0100"
    var frame = stride(from: 0, to: hex.count, by: 2).map { place in
      UInt8(hex.dropFirst(place).prefix(2), radix: 16) ?? 0
    }
    #expect(try #require(Datagram(frame)).isRight)
    for index in 26..<frame.count where !(38..<40).contains(index) {
      frame[index] ^= 0x10
      #expect(try #require(Datagram(frame)).isRight == false, "byte \(index)")
      frame[index] ^= 0x10
    }
  }
}
