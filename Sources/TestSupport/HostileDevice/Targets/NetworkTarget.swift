import DevicePlatform
public import VirtIO
import VirtIONetwork
public import VirtIOTestSupport

/// The network driver: frames both ways, buffers of its own and of the caller's, the control queue, several pairs.
public struct NetworkTarget: HostileDriver {
  /// The device when it behaves.
  public var device: ScriptedDevice { model.device }
  let model: NetworkModel
  let options: NetworkOptions

  /// A card whose features, MTU and number of pairs are drawn.
  public init(_ setup: HostileSetup) {
    let choice = setup.choice
    var features = setup.features.union([NetworkModel.Bit.mac])
    if choice & 4 != 0 { features.formUnion([NetworkModel.Bit.csum, NetworkModel.Bit.guestCsum]) }
    if choice & 8 != 0 { features.insert(NetworkModel.Bit.mergeable) }
    if choice & 16 != 0 {
      // Everything that commands are for.
      features.formUnion(NetworkModel.Bit.all.subtracting(NetworkModel.Bit.data).union(setup.features))
    }
    if choice & 32 != 0 { features.insert(NetworkModel.Bit.status) }
    if choice & 64 != 0 { features.insert(NetworkModel.Bit.mtu) }
    let pairs = choice & 128 != 0 ? 2 : 1
    if pairs > 1 { features.formUnion([NetworkModel.Bit.pairs, NetworkModel.Bit.control]) }
    model = NetworkModel(
      features: features, queueSize: min(setup.queueSize, 32), pairs: pairs, mtu: UInt16(600 * setup.segments),
      heap: setup.heap, isLegacy: setup.isLegacy)
    var options = NetworkOptions()
    options.features.insert(FeatureSet.Network.vlanFilter)
    options.queueSize = 16
    options.pairs = pairs
    options.maximumSegments = setup.segments
    options.receiveBufferCount = setup.segments & 1 == 0 ? nil : 0
    // Small ones where they can be merged: frames of many buffers.
    options.receiveBufferByteCount = 64 * setup.segments
    self.options = options
  }

  /// A header and a length of any kind into a receive buffer, any status to a command, nothing to a frame.
  public func answer(_ request: ScriptedRequest, _ decisions: Decisions) -> ScriptedReply {
    let room = request.writableByteCount
    if room == 0 { return ScriptedReply(writes: [], usedLength: decisions.byte() < 240 ? 0 : decisions.word()) }
    let choice = decisions.byte()
    if room == 1 {
      let status: UInt8 = choice < 200 ? 0 : decisions.byte()
      return ScriptedReply(writes: [(0, [status])], usedLength: choice & 1 == 0 ? 1 : decisions.word())
    }
    var header = [UInt8](repeating: 0, count: 12)
    header[0] = choice & 1 == 0 ? 0 : decisions.byte()
    if choice & 0xc0 == 0xc0 { header[1] = decisions.byte() }
    // csum_start and csum_offset; num_buffers.
    for index in 6..<10 where header[0] != 0 {
      header[index] = index & 1 == 0 ? decisions.byte() : decisions.byte() & 1
    }
    header[10] = choice & 2 == 0 ? 1 : decisions.byte()
    if choice & 0x30 == 0x30 { header[11] = decisions.byte() }
    let length =
      switch choice >> 2 & 3 {
      case 0, 1: UInt32(room)
      case 2: UInt32(decisions.byte())
      default: decisions.word()
      }
    return ScriptedReply(writes: [(0, Array(header.prefix(room)))], usedLength: length)
  }

  /// Frames and commands.
  public func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    var waiter = session.waiter
    guard var card = try? NetworkCard(transport, options: options, waiter: &waiter) else {
      return session.bringUpFailed()
    }
    session.serveInterrupts(card.makeInterruptHandle())
    // The caller's buffers: its frames on their way, and what it gave to be filled.
    var caller = NetworkCaller(session, ownsBuffers: options.receiveBufferCount == 0)
    session.forEachCall { choice in
      if choice < 176 { return caller.use(&card.pair, choice) }
      caller.command(&card, choice, &waiter)
    }
    let isOver = (try? card.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    caller.finish(&card.pair, isOver: isOver)
  }

  /// A frame comes in, another goes out.
  public func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    var waiter = session.waiter
    var options = NetworkOptions.plain
    options.queueSize = 16
    var card = try NetworkCard(transport, options: options, waiter: &waiter)
    let bytes = [UInt8](repeating: 0x5a, count: 100)
    if !model.deliver(bytes) { session.report("after a reset the device has no receive buffer") }
    guard let frame = card.pair.receive() else { return session.report("after a reset no frame comes in") }
    if frame.array() != bytes { session.report("after a reset a frame has other bytes") }
    var buffer = try session.memory.allocate(byteCount: 100)
    for index in 0..<100 { buffer[index] = 0x5a }
    _ = card.pair.send(OutgoingFrame(buffer, byteCount: 100))
    card.pair.publish()
    if card.pair.reclaim() == nil { session.report("after a reset a frame that was sent does not come back") }
    if model.sent.last?.frame != bytes { session.report("after a reset another frame goes out") }
  }
}

extension NetworkModel.Bit {
  /// What is about frames, not commands.
  static var data: FeatureSet { [csum, guestCsum, mergeable, status, mtu, .eventIndex, .indirectDescriptors] }
}
