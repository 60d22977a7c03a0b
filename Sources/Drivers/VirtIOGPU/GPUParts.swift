internal import DevicePlatform
internal import VirtIO

/// What bring-up makes: step 7.
struct GPUParts<T: Transport & ~Copyable>: ~Copyable {
  let control: Virtqueue<T>
  let cursors: Virtqueue<T>
  let answers: DMABufferStack
  let scanoutCount: Int
  let features: FeatureSet

  init(_ transport: inout T, _ options: GPUOptions, _ features: FeatureSet) throws(BringupError) {
    let scanoutCount = try Self.readScanoutCount(transport)
    let queue = QueueOptions(maximumSize: options.queueSize, headerByteCount: GPURequest.byteCount)
    let control = try transport.makeQueue(0, queue, features: features)
    // A transfer and its flush go together.
    guard control.capacity >= 2 else {
      throw .queueTooSmall(
        index: 0, size: UInt32(control.size), needed: features.contains(.indirectDescriptors) ? 2 : 4)
    }
    let cursors = try transport.makeQueue(1, queue, features: features)
    var answers = DMABufferStack(capacity: control.capacity)
    do throws(DMAError) {
      for _ in 0..<control.capacity {
        answers.push(
          try transport.memory.allocate(
            byteCount: GPUAnswer.byteCount, alignment: 8, direction: .deviceWritable))
      }
    } catch {
      throw .memory(error)
    }
    self.scanoutCount = scanoutCount
    self.features = features
    self.control = control
    self.cursors = cursors
    self.answers = answers
  }

  /// SPEC: Device Types / GPU Device / Device configuration layout
  private static func readScanoutCount(_ transport: borrowing T) throws(BringupError) -> Int {
    do throws(ConfigurationError) {
      let count = try transport.readConfiguration(byteCount: GPUConfiguration.byteCount) {
        $0.readConfiguration32(at: GPUConfiguration.scanoutCount)
      }
      guard 1...16 ~= count else { throw .invalid(field: ConfigurationField("num_scanouts"), value: UInt64(count)) }
      return Int(count)
    } catch {
      throw .configuration(error)
    }
  }
}

/// Where the configuration's fields are.
///
/// SPEC: Device Types / GPU Device / Device configuration layout
enum GPUConfiguration {
  static var eventsRead: Int { 0 }
  static var eventsClear: Int { 4 }
  static var scanoutCount: Int { 8 }
  static var byteCount: Int { 12 }
  /// The VirtIO constant is `VIRTIO_GPU_EVENT_DISPLAY`.
  static var displayEvent: UInt32 { 1 }
}
