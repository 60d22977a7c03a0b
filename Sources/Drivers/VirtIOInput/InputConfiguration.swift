internal import InputEvents
internal import VirtIO

/// Questions to the configuration: two bytes are written, then there is a size, and what was asked for.
///
/// SPEC: drivernormative:Device Types / Input Device / Device Initialization
struct InputConfiguration {
  /// What can be asked. The VirtIO constants begin with `VIRTIO_INPUT_CFG_`.
  enum Question: UInt8 {
    case name = 1
    case serial = 2
    case identity = 3
    case properties = 0x10
    case codes = 0x11
    case axis = 0x12
  }

  static var selectOffset: Int { 0 }
  static var subselectOffset: Int { 1 }
  static var sizeOffset: Int { 2 }
  static var dataOffset: Int { 8 }
  /// The most bytes of an answer.
  static var limit: UInt8 { 128 }

  /// Asks, and returns the answer; empty when there is none.
  static func ask<T: Transport & ~Copyable>(
    _ question: Question, _ detail: UInt8 = 0, _ transport: borrowing T
  ) throws(ConfigurationError) -> [UInt8] {
    guard transport.configurationByteCount >= dataOffset else {
      throw .tooShort(byteCount: transport.configurationByteCount, needed: dataOffset)
    }
    transport.writeConfiguration8(question.rawValue, at: selectOffset)
    transport.writeConfiguration8(detail, at: subselectOffset)
    let available = transport.configurationByteCount - dataOffset
    let answer = try transport.readConfiguration(byteCount: dataOffset) { transport in
      let size = transport.readConfiguration8(at: sizeOffset)
      var bytes: [UInt8] = []
      for index in 0..<min(Int(min(size, limit)), available) {
        bytes.append(transport.readConfiguration8(at: dataOffset + index))
      }
      return Answer(size: size, bytes: bytes)
    }
    guard answer.size <= limit else {
      throw .invalid(field: ConfigurationField("size"), value: UInt64(answer.size))
    }
    guard answer.bytes.count == Int(answer.size) else {
      throw .tooShort(byteCount: transport.configurationByteCount, needed: dataOffset + Int(answer.size))
    }
    return answer.bytes
  }

  private struct Answer: Equatable {
    let size: UInt8
    let bytes: [UInt8]
  }

  /// Asks for everything.
  static func describe<T: Transport & ~Copyable>(
    _ transport: borrowing T
  ) throws(ConfigurationError) -> InputDescription {
    var description = InputDescription()
    description.name = text(try ask(.name, 0, transport))
    description.serial = text(try ask(.serial, 0, transport))
    let identity = try ask(.identity, 0, transport)
    if !identity.isEmpty {
      try check(identity, 8)
      description.identity = InputIdentity(
        bus: word16(identity, 0), vendor: word16(identity, 2), product: word16(identity, 4),
        version: word16(identity, 6))
    }
    description.properties = InputBits(try ask(.properties, 0, transport))
    for type in InputEventType.described {
      let bytes = try ask(.codes, UInt8(truncatingIfNeeded: type.rawValue), transport)
      // A type without an answer is one that the device does not have; one with zeros only it has.
      if !bytes.isEmpty { description.add(type, InputBits(bytes)) }
    }
    for code in UInt16(0)...0x3f where description.supports(.absolute, code: code) {
      let bytes = try ask(.axis, UInt8(truncatingIfNeeded: code), transport)
      if bytes.isEmpty { continue }
      try check(bytes, 20)
      let number = { (index: Int) in
        Int32(bitPattern: UInt32(word16(bytes, 4 * index)) | UInt32(word16(bytes, 4 * index + 2)) << 16)
      }
      let (minimum, maximum) = (number(0), number(1))
      guard minimum <= maximum else {
        throw .invalid(field: ConfigurationField("abs.max"), value: UInt64(UInt32(bitPattern: maximum)))
      }
      description.add(
        InputAxis(
          code: code, minimum: minimum, maximum: maximum, fuzz: number(2), flat: number(3), resolution: number(4)))
    }
    return description
  }

  /// UTF-8, by the device's word. The spec has no zero at its end; QEMU has one.
  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func check(_ bytes: [UInt8], _ needed: Int) throws(ConfigurationError) {
    if bytes.count < needed { throw .tooShort(byteCount: bytes.count, needed: needed) }
  }
}

private func word16(_ bytes: [UInt8], _ offset: Int) -> UInt16 {
  UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
}
