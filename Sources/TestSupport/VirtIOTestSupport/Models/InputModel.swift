import VirtIO

/// The back-end of an input device: what it can do, what happens, and what it was told. Numbers are written out here because
/// the driver's constants are under test.
///
/// SPEC: Device Types / Input Device
public final class InputModel {
  /// An answer for each question: select and subselect.
  public var answers: [[UInt8]: [UInt8]] = [:]
  /// In `size`, instead of the answer's true one.
  public var size: UInt8?
  /// Events that the driver sent: type, code, value.
  public private(set) var told: [[Int]] = []
  /// Events for which there was no buffer: lost, as on a real device.
  public private(set) var droppedCount = 0
  /// The device.
  public let device: ScriptedDevice

  /// A device with a name and nothing else.
  public init(
    features: FeatureSet = [FeatureSet(bit: 28), FeatureSet(bit: 29)], queueSize: UInt32 = 64, heap: DeviceHeap,
    isLegacy: Bool = false
  ) {
    device = ScriptedDevice(
      type: .input, features: features, queueSizes: [queueSize, queueSize],
      configuration: [UInt8](repeating: 0, count: 136), heap: heap, isLegacy: isLegacy)
    device.trace.isOn = false
    answers[[1, 0]] = Array("scripted input".utf8)
    device.onConfigurationWrite = { [unowned self] range in
      if range != 0..<1 && range != 1..<2 { device.record("input: configuration written at \(range)") }
      let answer = answers[Array(device.configuration[0..<2])] ?? []
      device.configuration[2] = size ?? UInt8(min(255, answer.count))
      for index in 8..<136 { device.configuration[index] = index - 8 < answer.count ? answer[index - 8] : 0 }
    }
    device.setManual(true, queue: 0)
    device.setHandler(queue: 1) { [unowned self] request, _ in self.take(request) }
  }

  /// Somebody asked for this before.
  public func select(_ question: UInt8, _ detail: UInt8) {
    device.configuration[0] = question
    device.configuration[1] = detail
  }

  /// Codes of a type.
  public func setCodes(_ type: UInt8, _ codes: [Int]) {
    var bytes = [UInt8](repeating: 0, count: codes.isEmpty ? 0 : (codes.max() ?? 0) / 8 + 1)
    for code in codes { bytes[code / 8] |= 1 << UInt8(code % 8) }
    answers[[0x11, type]] = bytes
  }

  /// An axis: minimum, maximum, fuzz, flat, resolution.
  public func setAxis(_ code: UInt8, _ numbers: [Int32]) {
    answers[[0x12, code]] = numbers.flatMap { BlockModel.little(UInt64(UInt32(bitPattern: $0)), 4) }
  }

  /// Keys, lights and repetition, as a keyboard has them.
  public func makeKeyboard() {
    setCodes(1, Array(1...88))
    setCodes(0x11, [0, 1, 2])
    setCodes(0x14, [0, 1])
  }

  /// Something happens: type, code, value. Lost, one by one, where there is no buffer.
  public func send(_ events: [[Int]]) {
    device.poll(queue: 0)
    for event in events {
      guard let request = device.pending(queue: 0).first else {
        droppedCount += 1
        continue
      }
      if request.writableByteCount < 8 || !request.readableRegions.isEmpty {
        device.record("input: a buffer for events of \(request.writableByteCount) bytes")
      }
      device.complete(queue: 0, with: ScriptedReply(bytes: Self.bytes(event)))
    }
  }

  /// Any bytes as an event.
  public func send(bytes: [UInt8]) {
    device.poll(queue: 0)
    if !device.pending(queue: 0).isEmpty { device.complete(queue: 0, with: ScriptedReply(bytes: bytes)) }
  }

  private static func bytes(_ event: [Int]) -> [UInt8] {
    BlockModel.little(UInt64(event[0]), 2) + BlockModel.little(UInt64(event[1]), 2)
      + BlockModel.little(UInt64(UInt32(truncatingIfNeeded: event[2])), 4)
  }

  /// SPEC: drivernormative:Device Types / Input Device / Device Operation
  private func take(_ request: ScriptedRequest) -> ScriptedReply {
    guard request.readable.count >= 8, request.writableRegions.isEmpty else {
      device.record("input: \(request.readable.count) bytes for the device")
      return ScriptedReply()
    }
    let bytes = request.readable.map { Int($0) }
    let value = bytes[4] | bytes[5] << 8 | bytes[6] << 16 | bytes[7] << 24
    told.append([bytes[0] | bytes[1] << 8, bytes[2] | bytes[3] << 8, Int(Int32(truncatingIfNeeded: value))])
    return ScriptedReply()
  }
}
