internal import DevicePlatform
internal import VirtIO

/// What bring-up makes: step 7.
struct ConsoleParts<T: Transport & ~Copyable> {
  let ports: [ConsolePort<T>]
  let control: ConsoleControl<T>?
  let deviceMaximumPorts: UInt32
  let features: FeatureSet

  init(_ transport: inout T, _ options: ConsoleOptions, _ features: FeatureSet) throws(BringupError) {
    self.features = features
    var count = 1
    if features.contains(.Console.multiport) {
      deviceMaximumPorts = try Self.readPortCount(transport)
      count = Int(min(deviceMaximumPorts, UInt32(options.maximumPorts)))
    } else {
      deviceMaximumPorts = 1
    }
    var ports: [ConsolePort<T>] = []
    for number in 0..<count {
      // SPEC: Device Types / Console Device / Virtqueues: the control queues stand between ports 0 and 1.
      let index = UInt16(number == 0 ? 0 : 2 * number + 2)
      let receive = try transport.makeQueue(index, QueueOptions(maximumSize: options.queueSize), features: features)
      let transmit = try transport.makeQueue(
        index + 1, QueueOptions(maximumSize: options.queueSize), features: features)
      ports.append(ConsolePort(receive: receive, transmit: transmit))
    }
    self.ports = ports
    control =
      features.contains(.Console.multiport) ? try Self.makeControl(&transport, options, features) : nil
  }

  private static func readPortCount(_ transport: borrowing T) throws(BringupError) -> UInt32 {
    do throws(ConfigurationError) {
      let count = try transport.readConfiguration(byteCount: ConsoleConfiguration.portCount + 4) {
        $0.readConfiguration32(at: ConsoleConfiguration.portCount)
      }
      guard count != 0 else { throw .invalid(field: ConfigurationField("max_nr_ports"), value: 0) }
      return count
    } catch {
      throw .configuration(error)
    }
  }

  private static func makeControl(
    _ transport: inout T, _ options: ConsoleOptions, _ features: FeatureSet
  ) throws(BringupError) -> ConsoleControl<T> {
    let queue = QueueOptions(maximumSize: options.queueSize)
    var receive = try transport.makeQueue(2, queue, features: features)
    let transmit = try transport.makeQueue(3, queue, features: features)
    var spare = DMABufferStack(capacity: 4)
    do throws(DMAError) {
      for _ in 0..<min(4, transmit.capacity) {
        spare.push(
          try transport.memory.allocate(
            byteCount: ConsoleMessage.byteCount, alignment: 8, direction: .deviceReadable))
      }
      for _ in 0..<min(options.controlBufferCount, receive.capacity) {
        let buffer = try transport.memory.allocate(
          byteCount: options.controlByteCount, alignment: 8, direction: .deviceWritable)
        // Fresh, and as many as it holds: the queue has no reason to refuse.
        _ = receive.submit(buffer, deviceWrites: true)
      }
    } catch {
      throw .memory(error)
    }
    return ConsoleControl(receive: receive, transmit: transmit, spare: spare)
  }
}
