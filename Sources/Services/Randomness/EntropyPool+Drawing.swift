/// The users' side.
extension EntropyPool {
  /// Fills memory with random bytes, at once or not at all.
  ///
  /// - Parameter destination: at most 65 536 bytes; unchanged after a refusal.
  public mutating func fill(_ destination: inout MutableSpan<UInt8>) throws(RandomRefusal) {
    guard destination.count <= HMACGenerator.maximumByteCount else {
      throw .tooLong(byteCount: destination.count, limit: HMACGenerator.maximumByteCount)
    }
    if let refusal { throw refusal }
    let nothing = InlineArray<0, UInt8>(repeating: 0)
    generator?.generate(into: &destination, additional: nothing.span)
    drawn &+= UInt64(destination.count)
  }

  /// Eight random bytes as a number.
  public mutating func nextWord() throws(RandomRefusal) -> UInt64 {
    var bytes = InlineArray<8, UInt8>(repeating: 0)
    var span = bytes.mutableSpan
    try fill(&span)
    var word: UInt64 = 0
    for index in 0..<8 { word = word << 8 | UInt64(bytes[index]) }
    return word
  }
}
