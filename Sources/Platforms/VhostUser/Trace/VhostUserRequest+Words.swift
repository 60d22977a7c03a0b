extension VhostUserRequest {
  /// The message in one line, for device authors.
  ///
  /// - Parameter isQuestion: it goes to the back-end, and what it has only as room for the answer is left out.
  func words(_ payload: MessageBytes, isQuestion: Bool = false) -> String {
    if payload.count == 0 { return name }
    if isQuestion, self == .getConfiguration, payload.count >= 12 {
      return "\(name) \(payload.word(at: 4)) bytes at \(payload.word(at: 0))"
    }
    return "\(name) \(details(payload))"
  }

  private func details(_ payload: MessageBytes) -> String {
    func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
    switch (self, payload.count) {
    case (.getFeatures, 8), (.setFeatures, 8): return hex(payload.longWord(at: 0))
    case (.getProtocolFeatures, 8), (.setProtocolFeatures, 8):
      let number = payload.longWord(at: 0)
      return "\(hex(number)) (\(ProtocolFeatures(rawValue: number).names.joined(separator: " ")))"
    case (.getQueueCount, 8), (.getMemorySlotLimit, 8): return "\(payload.longWord(at: 0))"
    case (.getStatus, 8), (.setStatus, 8): return hex(payload.longWord(at: 0))
    case (.setRingSize, 8), (.setRingBase, 8), (.getRingBase, 8), (.setRingEnabled, 8):
      return "queue \(payload.word(at: 0)): \(payload.word(at: 4))"
    case (.setRingAddresses, 40):
      return "queue \(payload.word(at: 0)): descriptors \(hex(payload.longWord(at: 8))), "
        + "used \(hex(payload.longWord(at: 16))), available \(hex(payload.longWord(at: 24)))"
    case (.setRingKick, 8), (.setRingCall, 8):
      let number = payload.longWord(at: 0)
      return "queue \(number & 0xff)\(number & 1 << 8 != 0 ? ", none" : "")"
    case (.addMemoryRegion, 40): return Self.region(payload, at: 8)
    case (.setMemoryTable, 40...):
      return stride(from: 8, to: payload.count - 31, by: 32).map { Self.region(payload, at: $0) }
        .joined(separator: ", ")
    case (.getConfiguration, 12...), (.setConfiguration, 12...):
      let bytes = payload.bytes[12...].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      return "\(payload.word(at: 4)) bytes at \(payload.word(at: 0)): \(bytes)"
    default: return "\(payload.count) bytes"
    }
  }

  private static func region(_ payload: MessageBytes, at offset: Int) -> String {
    let base = payload.longWord(at: offset)
    return "\(payload.longWord(at: offset + 8)) bytes at 0x\(String(base, radix: 16))"
  }
}
