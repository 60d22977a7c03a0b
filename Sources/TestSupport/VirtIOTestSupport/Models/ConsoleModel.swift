import VirtIO

/// The back-end of a console device: ports with bytes in both directions, and control messages.
public final class ConsoleModel {
  /// One port, as the device's side has it.
  public struct Port {
    /// What `ready` makes the device tell of it.
    public var name: String?
    /// It is announced as a console.
    public var isConsole = false
    /// It is announced as open.
    public var isOpen = true
    /// Bytes that the driver has sent.
    public fileprivate(set) var received: [UInt8] = []
    /// Bytes that wait for the driver's buffers.
    public fileprivate(set) var backlog: [UInt8] = []

    /// A port.
    public init(name: String? = nil, isConsole: Bool = false, isOpen: Bool = true) {
      self.name = name
      self.isConsole = isConsole
      self.isOpen = isOpen
    }
  }

  /// A control message of the driver.
  public struct Message: Equatable, Sendable, CustomStringConvertible {
    /// Which port.
    public var port: UInt32
    /// What kind of message.
    public var event: UInt16
    /// Its value.
    public var value: UInt16
    /// Port, event and value.
    public var description: String { "\(port):\(event)=\(value)" }

    /// A message.
    public init(_ port: UInt32, _ event: UInt16, _ value: UInt16) {
      self.port = port
      self.event = event
      self.value = value
    }
  }

  /// The ports that the device announces when the driver is ready, by number.
  public var ports: [UInt32: Port]
  /// What the driver has told, in order.
  public private(set) var messages: [Message] = []
  /// Messages to the driver for which it had no buffer: lost, as on a real device.
  public private(set) var droppedMessageCount = 0
  /// Characters of emergency writes.
  public private(set) var emergency: [UInt8] = []
  /// False for a device that announces nothing by itself.
  public var announces = true

  /// A device with these ports.
  public init(ports: [UInt32: Port] = [0: Port()]) { self.ports = ports }

  /// A device with this model behind its queues.
  ///
  /// - Parameters:
  ///   - features: what it offers; without MULTIPORT it has port 0 only.
  ///   - maximumPorts: `max_nr_ports`.
  ///   - queueSize: of every queue.
  public func makeDevice(
    features: FeatureSet, maximumPorts: UInt32 = 4, queueSize: UInt32 = 32, heap: DeviceHeap, isLegacy: Bool = false
  ) -> ScriptedDevice {
    let isMultiport = features.contains(FeatureSet(bit: 1))
    let queues = isMultiport ? 2 * Int(min(maximumPorts, 64)) + 2 : 2
    let count = (0..<4).map { UInt8(truncatingIfNeeded: maximumPorts >> UInt32(8 * $0)) }
    let device = ScriptedDevice(
      type: .console, features: features, queueSizes: [UInt32](repeating: queueSize, count: queues),
      configuration: [80, 0, 25, 0] + count + [0, 0, 0, 0], heap: heap, isLegacy: isLegacy)
    device.configurationFields = [0: 2, 2: 2, 4: 4, 8: 4]
    device.earlyWritableConfiguration = 8..<12
    device.onConfigurationWrite = { [unowned device, self] _ in emergency.append(device.configuration[8]) }
    for index in 0..<queues {
      if index == 3 {
        device.setHandler(queue: 3) { [self] request, device in takeMessage(request, device) }
      } else if index % 2 == 0 {
        device.setManual(true, queue: index)
      } else {
        let port: UInt32 = index == 1 ? 0 : UInt32(index - 3) / 2
        device.setHandler(queue: index) { [self] request, device in takeBytes(request, port, device) }
      }
    }
    return device
  }

  /// Sends bytes to the driver, as far as it has buffers; the rest with the next call.
  public func send(_ bytes: [UInt8] = [], port: UInt32 = 0, _ device: ScriptedDevice) {
    let queue = port == 0 ? 0 : Int(2 * port + 2)
    ports[port]?.backlog += bytes
    device.poll(queue: queue)
    while let request = device.pending(queue: queue).first, let backlog = ports[port]?.backlog, !backlog.isEmpty {
      let part = Array(backlog.prefix(request.writableByteCount))
      ports[port]?.backlog.removeFirst(part.count)
      if !request.readableRegions.isEmpty { device.record("console: a buffer to read in a receive queue") }
      device.complete(queue: queue, with: ScriptedReply(bytes: part))
    }
  }

  /// Sends a control message to the driver, true or not.
  public func tell(_ port: UInt32, _ event: UInt16, _ value: UInt16 = 0, _ rest: [UInt8] = [], _ device: ScriptedDevice)
  {
    let words: [UInt32] = [port, UInt32(event) | UInt32(value) << 16]
    tell(
      bytes: words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } } + rest, device)
  }

  /// Sends any bytes as a control message.
  public func tell(bytes: [UInt8], _ device: ScriptedDevice) {
    device.poll(queue: 2)
    guard let request = device.pending(queue: 2).first else {
      droppedMessageCount += 1
      return
    }
    if request.writableRegions.count != 1 || !request.readableRegions.isEmpty {
      device.record("console: a buffer for control messages that is not one piece to write")
    }
    device.complete(queue: 2, with: ScriptedReply(bytes: Array(bytes.prefix(request.writableByteCount))))
  }

  /// SPEC: drivernormative:Device Types / Console Device / Device Operation
  private func takeBytes(_ request: ScriptedRequest, _ port: UInt32, _ device: ScriptedDevice) -> ScriptedReply {
    if !request.writableRegions.isEmpty { device.record("console: a buffer to fill in a transmit queue") }
    ports[port]?.received += request.readable
    return ScriptedReply()
  }

  private func takeMessage(_ request: ScriptedRequest, _ device: ScriptedDevice) -> ScriptedReply {
    guard request.readable.count == 8, request.readableRegions.count == 1, request.writableRegions.isEmpty else {
      device.record("console: a control message of \(request.readable.count) bytes, expected 8 to read in one piece")
      return ScriptedReply()
    }
    let bytes = request.readable.map { UInt32($0) }
    let message = Message(
      bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24, UInt16(bytes[4] | bytes[5] << 8),
      UInt16(bytes[6] | bytes[7] << 8))
    messages.append(message)
    guard announces else { return ScriptedReply() }
    switch (message.event, message.value) {
    case (0, 1):
      for port in ports.keys.sorted() { tell(port, 1, 0, [], device) }
    case (3, 1):
      guard let port = ports[message.port] else { break }
      if port.isConsole { tell(message.port, 4, 1, [], device) }
      // With a zero behind it, as QEMU has it.
      if let name = port.name { tell(message.port, 7, 1, Array(name.utf8) + [0], device) }
      if port.isOpen { tell(message.port, 6, 1, [], device) }
    default: break
    }
    return ScriptedReply()
  }
}
