import VirtIO

extension Session {
  /// Reads the whole configuration. How long it is nobody says: a back-end refuses to give more than it has.
  mutating func probeConfiguration() throws(VhostUserError) -> [UInt8] {
    for byteCount in Self.likelySizes(type) {
      if let bytes = try readConfiguration(byteCount: byteCount) { return bytes }
    }
    return []
  }

  /// Sizes to try, the largest first: those that the structure had over the years, for the types that are known here.
  private static func likelySizes(_ type: DeviceType) -> [Int] {
    switch type {
    case .block: [96, 72, 60, 36, 24, 8]
    case .entropy: []
    case .gpu: [20, 16, 12]
    default: [256, 136, 128, 96, 64, 60, 48, 40, 36, 32, 24, 20, 16, 12, 8, 4]
    }
  }

  /// Reads so many bytes from the start; nil when the back-end does not have them.
  mutating func readConfiguration(byteCount: Int) throws(VhostUserError) -> [UInt8]? {
    var question = MessageBytes()
    question.append(UInt32(0))
    question.append(UInt32(byteCount))
    question.append(UInt32(0))
    question.append(contentsOf: [UInt8](repeating: 0, count: byteCount))
    let answer = try ask(.getConfiguration, question)
    if answer.count == 0 { return nil }
    guard answer.count >= 12 else {
      throw failed(.wrongSize(request: .getConfiguration, found: answer.count, expected: 12 + byteCount))
    }
    let (offset, size) = (answer.word(at: 0), answer.word(at: 4))
    if size == 0 { return nil }
    guard offset == 0, size == UInt32(byteCount) else {
      throw failed(
        .wrongPart(offset: offset, byteCount: size, expectedOffset: 0, expectedByteCount: UInt32(byteCount)))
    }
    guard answer.count == 12 + byteCount else {
      throw failed(.wrongSize(request: .getConfiguration, found: answer.count, expected: 12 + byteCount))
    }
    return withDisplay(Array(answer.bytes[12...]))
  }

  /// A GPU's configuration with what its displays say in place of what the back-end does: events_read, events_clear and
  /// num_scanouts are not the back-end's.
  private func withDisplay(_ bytes: [UInt8]) -> [UInt8] {
    guard let display = options.display, bytes.count >= Self.displayFieldsByteCount else { return bytes }
    let (events, scanoutCount) = display.configuration
    var fields = MessageBytes()
    for number in [events, 0, scanoutCount] { fields.append(number.littleEndian) }
    return fields.bytes + bytes[fields.count...]
  }

  private static var displayFieldsByteCount: Int { 12 }

  /// Reads the configuration again, and counts when it is another one: the protocol has no generation of its own.
  mutating func refreshGeneration() -> UInt32 {
    guard !configuration.isEmpty, failure == nil else { return generation }
    // What goes wrong is kept as the connection's failure.
    if let bytes = try? readConfiguration(byteCount: configuration.count), bytes != configuration {
      configuration = bytes
      generation &+= 1
    }
    return generation
  }

  /// Writes a part of the configuration.
  mutating func writeConfiguration(_ bytes: [UInt8], at offset: Int) {
    var (bytes, offset) = (bytes, offset)
    if let display = options.display, configuration.count >= Self.displayFieldsByteCount {
      precondition(offset >= 0, "offset in the configuration")
      // As below.
      guard offset + bytes.count <= configuration.count else { return }
      // The back-end of QEMU 7.2 takes every part for the beginning: all of it, then, as QEMU itself has it.
      var whole = configuration
      whole.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      (bytes, offset) = (whole, 0)
      display.clear(events: UInt32(littleEndian: MessageBytes(whole).word(at: 4)))
    }
    var message = MessageBytes()
    message.append(UInt32(offset))
    message.append(UInt32(bytes.count))
    message.append(UInt32(0))
    message.append(contentsOf: bytes)
    // A back-end that refuses keeps its configuration: it is read again when it is needed.
    _ = try? ask(.setConfiguration, message)
    _ = refreshGeneration()
  }

  /// A little-endian number of the configuration as it was read last. Bytes behind its end are 0: another back-end may
  /// have taken the place of the one whose configuration was long enough.
  func configurationNumber(at offset: Int, byteCount: Int) -> UInt32 {
    precondition(offset >= 0, "offset in the configuration")
    return (0..<byteCount).reduce(0) { number, index in
      guard offset + index < configuration.count else { return number }
      return number | UInt32(configuration[offset + index]) << UInt32(8 * index)
    }
  }
}
