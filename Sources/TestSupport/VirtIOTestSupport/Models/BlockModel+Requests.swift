import VirtIO

/// Answering requests.
///
/// SPEC: drivernormative:Device Types / Block Device / Device Operation
/// SPEC: devicenormative:Device Types / Block Device / Device Operation
extension BlockModel {
  private enum Status {
    static let ok: UInt8 = 0
    static let ioError: UInt8 = 1
    static let unsupported: UInt8 = 2
  }

  func answer(_ request: ScriptedRequest, _ device: ScriptedDevice) -> ScriptedReply {
    guard request.readable.count >= 16, request.writableByteCount >= 1 else {
      device.fail("block: a request without header or status")
      return ScriptedReply()
    }
    func number(_ range: Range<Int>) -> UInt64 {
      request.readable[range].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let type = UInt32(number(0..<4))
    requestTypes.append(type)
    if !device.isLegacy && number(4..<8) != 0 { device.record("block: reserved field of the header is not 0") }
    let data = Array(request.readable.dropFirst(16))
    var reply: [UInt8] = []
    let status = perform(
      type, sector: number(8..<16), data: data, space: request.writableByteCount - 1, reply: &reply, device)
    let last = request.writableByteCount - 1
    return ScriptedReply(
      writes: [(0, reply), (last, [status])], usedLength: UInt32(reply.isEmpty ? 1 : request.writableByteCount))
  }

  private func perform(
    _ type: UInt32, sector: UInt64, data: [UInt8], space: Int, reply: inout [UInt8], _ device: ScriptedDevice
  ) -> UInt8 {
    switch type {
    case 0:
      guard let range = range(sector, byteCount: space, device) else { return Status.ioError }
      reply = Array(storage[range])
      return Status.ok
    case 1:
      guard let range = range(sector, byteCount: data.count, device), !isReadOnly else { return Status.ioError }
      storage.replaceSubrange(range, with: data)
      return Status.ok
    case 4:
      if !device.acceptedFeatures.contains(Bit.flush) { device.record("block: FLUSH without VIRTIO_BLK_F_FLUSH") }
      if sector != 0 { device.record("block: FLUSH with sector \(sector)") }
      flushCount += 1
      return flushFails ? Status.ioError : Status.ok
    case 8:
      guard space >= 20 else {
        device.record("block: GET_ID with room for \(space) bytes")
        return Status.ioError
      }
      let name = Array(identifier.utf8.prefix(20))
      reply = name + Array(repeating: 0, count: 20 - name.count)
      return Status.ok
    default: return Status.unsupported
    }
  }

  /// The bytes of a transfer; nil when it fails.
  private func range(_ sector: UInt64, byteCount: Int, _ device: ScriptedDevice) -> Range<Int>? {
    if byteCount == 0 || byteCount % 512 != 0 {
      device.record("block: \(byteCount) bytes of data, expected a multiple of 512")
      return nil
    }
    let sectors = UInt64(byteCount / 512)
    guard sectors <= capacity, sector <= capacity - sectors else {
      device.record("block: sectors \(sector) and \(sectors - 1) more, behind a capacity of \(capacity)")
      return nil
    }
    if (sector..<sector + sectors).contains(where: failingSectors.contains) { return nil }
    let start = Int(sector) * 512
    return start..<start + byteCount
  }
}
