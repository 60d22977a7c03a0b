import VirtIO

/// The back-end of a network device: a wire that the test holds in its hand.
///
/// Frames that the driver sends are in `sent`; `deliver` puts frames into its receive buffers, whole and right unless
/// the test says otherwise. Numbers are written out here because the driver's constants are under test.
///
/// SPEC: Device Types / Network Device / Device Operation
public final class NetworkModel {
  /// A frame that the driver sent.
  public struct Sent: Equatable {
    /// The queue that it came from.
    public var queue: Int
    /// The device's header.
    public var header: [UInt8]
    /// The frame.
    public var frame: [UInt8]
  }

  /// A command that the driver gave, and its data.
  public struct Command: Equatable {
    /// Class and command.
    public var code: [UInt8]
    /// What came with it, by descriptors.
    public var data: [[UInt8]]
    /// A command.
    public init(_ code: [UInt8], _ data: [[UInt8]] = []) {
      self.code = code
      self.data = data
    }
  }

  /// Frames sent so far.
  public internal(set) var sent: [Sent] = []
  /// Commands so far.
  public internal(set) var commands: [Command] = []
  /// What a command is answered, if not 0.
  public var answer: UInt8 = 0
  /// The used length of an answer, if not 1.
  public var answerLength: UInt32 = 1
  /// The device.
  public let device: ScriptedDevice
  /// Pairs of queues that the device has.
  public let pairCount: Int

  /// Feature bits of the network device.
  public enum Bit {
    /// Transmit checksum.
    public static let csum = FeatureSet(bit: 0)
    /// Receive checksum.
    public static let guestCsum = FeatureSet(bit: 1)
    /// MTU.
    public static let mtu = FeatureSet(bit: 3)
    /// MAC.
    public static let mac = FeatureSet(bit: 5)
    /// Mergeable buffers.
    public static let mergeable = FeatureSet(bit: 15)
    /// Status.
    public static let status = FeatureSet(bit: 16)
    /// Control queue.
    public static let control = FeatureSet(bit: 17)
    /// Everything that the driver knows, one pair.
    public static let all: FeatureSet = [
      csum, guestCsum, mtu, mac, mergeable, status, control, FeatureSet(bit: 18), FeatureSet(bit: 19),
      FeatureSet(bit: 20), FeatureSet(bit: 21), FeatureSet(bit: 23), FeatureSet(bit: 28), FeatureSet(bit: 29),
    ]
    /// Several pairs.
    public static let pairs = FeatureSet(bit: 22)
  }

  /// A device with the address 52:54:00:12:34:56, its link up.
  ///
  /// - Parameters:
  ///   - features: what it offers; a legacy device offers ANY_LAYOUT, too.
  ///   - queueSize: of each queue.
  ///   - pairs: how many pairs of queues it has.
  ///   - mtu: what it tells if it offers to.
  public init(
    features: FeatureSet = Bit.all, queueSize: UInt32 = 16, pairs: Int = 1, mtu: UInt16 = 1500, heap: DeviceHeap,
    isLegacy: Bool = false
  ) {
    pairCount = pairs
    let configuration: [UInt8] =
      [0x52, 0x54, 0x00, 0x12, 0x34, 0x56] + little(1, 2) + little(UInt64(pairs), 2) + little(UInt64(mtu), 2)
    device = ScriptedDevice(
      type: .network, features: isLegacy ? features.union(FeatureSet(bit: 27)) : features,
      queueSizes: Array(repeating: queueSize, count: 2 * pairs + 1), configuration: configuration, heap: heap,
      isLegacy: isLegacy)
    device.configurationFields = [0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 2, 8: 2, 10: 2]
    device.trace.isOn = false
    for pair in 0..<pairs {
      device.setManual(true, queue: 2 * pair)
      device.setHandler(queue: 2 * pair + 1) { [unowned self] request, _ in self.transmit(request) }
    }
  }

  /// Bytes in front of each frame, by what was negotiated.
  public var headerByteCount: Int {
    device.isLegacy && !device.acceptedFeatures.contains(Bit.mergeable) ? 10 : 12
  }

  private func transmit(_ request: ScriptedRequest) -> ScriptedReply {
    if request.queue == controlIndex { return control(request) }
    if !request.writableRegions.isEmpty { device.record("network: a frame with buffers to fill") }
    guard request.readable.count >= headerByteCount + 14 else {
      device.record("network: \(request.readable.count) bytes on a transmit queue")
      return ScriptedReply()
    }
    if device.isLegacy, request.readableRegions[0].byteCount != headerByteCount {
      device.record("network: the header shares a descriptor")
    }
    let header = Array(request.readable[..<headerByteCount])
    if header[0] & ~1 != 0 || header[0] == 1 && !device.acceptedFeatures.contains(Bit.csum) {
      device.record("network: flags \(header[0])")
    }
    if header[1] != 0 { device.record("network: gso_type \(header[1])") }
    if header.count == 12, header[10] != 0 || header[11] != 0 { device.record("network: num_buffers is not 0") }
    sent.append(Sent(queue: request.queue, header: header, frame: Array(request.readable[headerByteCount...])))
    return ScriptedReply()
  }

  /// The control queue's number, by what was negotiated.
  public var controlIndex: Int { device.acceptedFeatures.contains(Bit.pairs) ? 2 * pairCount : 2 }

  /// The driver's commands are answered from now on; a queue that serves frames otherwise may be the control queue.
  public func serveControl() {
    device.setHandler(queue: controlIndex) { [unowned self] request, _ in self.control(request) }
    device.setManual(false, queue: controlIndex)
  }

  private func control(_ request: ScriptedRequest) -> ScriptedReply {
    guard request.readable.count >= 2, request.readableRegions[0].byteCount == 2, request.writableByteCount == 1 else {
      device.record("network: a command without its two bytes, or without one byte of answer")
      return ScriptedReply()
    }
    var data: [[UInt8]] = []
    var position = 2
    for region in request.readableRegions.dropFirst() {
      data.append(Array(request.readable[position..<position + region.byteCount]))
      position += region.byteCount
    }
    commands.append(Command(Array(request.readable[..<2]), data))
    return ScriptedReply(writes: [(0, [answer])], usedLength: answerLength)
  }
}

extension NetworkModel {
  /// Puts a frame into the driver's receive buffers, as many as it takes.
  ///
  /// - Parameters:
  ///   - flags: of the header; csumStart and csumOffset go with them.
  ///   - announced: in the header instead of the number of buffers.
  ///   - queue: the receive queue's number.
  /// - Returns: false when there were not enough buffers; then nothing has happened.
  @discardableResult
  public func deliver(
    _ frame: [UInt8], flags: UInt8 = 0, gsoType: UInt8 = 0, csumStart: UInt16 = 0, csumOffset: UInt16 = 0,
    announced: UInt16? = nil, queue: Int = 0
  ) -> Bool {
    device.poll(queue: queue)
    let sizes = device.pending(queue: queue).map(\.writableByteCount)
    let byteCount = headerByteCount + frame.count
    var buffers = 0
    var room = 0
    while room < byteCount, buffers < sizes.count {
      room += sizes[buffers]
      buffers += 1
    }
    guard room >= byteCount, buffers == 1 || device.acceptedFeatures.contains(Bit.mergeable) else { return false }
    var header = [flags, gsoType, 0, 0, 0, 0] + little(UInt64(csumStart), 2) + little(UInt64(csumOffset), 2)
    if headerByteCount == 12 { header += little(UInt64(announced ?? UInt16(buffers)), 2) }
    put(header + frame, queue: queue)
    return true
  }

  /// Puts raw bytes into the next receive buffers: header and frame as they are.
  public func put(_ bytes: [UInt8], queue: Int = 0) {
    device.poll(queue: queue)
    var rest = bytes[...]
    repeat {
      guard let size = device.pending(queue: queue).first?.writableByteCount else { return }
      device.complete(queue: queue, with: ScriptedReply(bytes: Array(rest.prefix(size))))
      rest = rest.dropFirst(size)
    } while !rest.isEmpty
  }
}

private func little(_ value: UInt64, _ byteCount: Int) -> [UInt8] { BlockModel.little(value, byteCount) }
