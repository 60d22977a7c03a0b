internal import DevicePlatform
internal import InputEvents
internal import VirtIO

/// What bring-up makes: step 7.
struct InputParts<T: Transport & ~Copyable>: ~Copyable {
  let events: Virtqueue<T>
  let statusQueue: Virtqueue<T>
  let spare: DMABufferStack
  let description: InputDescription
  let features: FeatureSet

  /// How many events can be on their way to the device.
  static var statusLimit: Int { 8 }

  init(_ transport: inout T, _ options: InputOptions, _ features: FeatureSet) throws(BringupError) {
    let description = try Self.describe(transport)
    let queue = QueueOptions(maximumSize: options.queueSize)
    var events = try transport.makeQueue(0, queue, features: features)
    let statusQueue = try transport.makeQueue(1, queue, features: features)
    var spare = DMABufferStack(capacity: min(Self.statusLimit, statusQueue.capacity))
    do throws(DMAError) {
      for _ in 0..<spare.capacity {
        spare.push(
          try transport.memory.allocate(byteCount: InputEvent.byteCount, alignment: 8, direction: .deviceReadable))
      }
      for _ in 0..<events.capacity {
        let buffer = try transport.memory.allocate(
          byteCount: InputEvent.byteCount, alignment: 8, direction: .deviceWritable)
        // Fresh, and as many as it holds: the queue has no reason to refuse.
        _ = events.submit(buffer, deviceWrites: true)
      }
    } catch {
      throw .memory(error)
    }
    self.description = description
    self.features = features
    self.events = events
    self.statusQueue = statusQueue
    self.spare = spare
  }

  private static func describe(_ transport: borrowing T) throws(BringupError) -> InputDescription {
    do throws(ConfigurationError) { return try InputConfiguration.describe(transport) } catch {
      throw .configuration(error)
    }
  }
}
