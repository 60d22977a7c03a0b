import VirtIO

/// The back-end of an entropy device: known bytes, so that a test can tell them.
public final class EntropyModel {
  private var generator: SplitMix64
  /// The most that one request gets; 0 gives a used length of 0.
  public var limit = Int.max
  /// Everything that was given out.
  public private(set) var given: [UInt8] = []

  /// A source with a seed.
  public init(seed: UInt64 = 1) { generator = SplitMix64(seed: seed) }

  /// A device with this source behind its queue.
  public func makeDevice(
    features: FeatureSet = [], queueSize: UInt32 = 8, heap: DeviceHeap, isLegacy: Bool = false
  ) -> ScriptedDevice {
    let device = ScriptedDevice(
      type: .entropy, features: features, queueSizes: [queueSize], heap: heap, isLegacy: isLegacy)
    device.setHandler(queue: 0) { request, device in self.answer(request, device) }
    return device
  }

  /// SPEC: drivernormative:Device Types / Entropy Device / Device Operation
  private func answer(_ request: ScriptedRequest, _ device: ScriptedDevice) -> ScriptedReply {
    if !request.readableRegions.isEmpty { device.record("entropy: a request with buffers that the device reads") }
    if request.writableRegions.isEmpty { device.record("entropy: a request without buffers to fill") }
    let bytes = (0..<min(limit, request.writableByteCount)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    given += bytes
    return ScriptedReply(bytes: bytes)
  }
}
