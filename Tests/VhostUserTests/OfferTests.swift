import DevicePlatform
import Synchronization
import Testing
import VhostUser
import VirtIO
import VirtIOBlock

/// What a back-end says that it has: sizes that devices really have, numbers that the protocol cannot carry, and less than
/// the one before it.
@Suite(.timeLimit(.minutes(1))) struct OfferTests {
  private func device(_ backends: [ScriptedBackend]) throws -> VhostUserDevice {
    let connections = Atomic<Int>(0)
    var options = VhostUserOptions()
    options.memoryByteCount = 8 << 20
    return try VhostUserDevice(name: "scripted", type: .block, options: options) {
      () throws(VhostUserError) in backends[connections.add(1, ordering: .relaxed).oldValue].front
    }
  }

  /// Messages about kick and call have eight bits for the queue, and a flag in the ninth.
  @Test func queuesThatMessagesCannotName_areNotThere() throws {
    let backend = ScriptedBackend(
      deed: { request, _ in request == .getQueueCount ? .answer(ScriptedBackend.number(300)) : nil })
    let transport = try backend.connect().makeTransport()
    #expect(transport.maximumSize(ofQueue: 255) == 1024)
    #expect(transport.maximumSize(ofQueue: 256) == 0)
  }

  /// Eight bytes and a string or a bitmap of up to 128.
  @Test func configurationOfAnInputDevice_isReadWhole() throws {
    let backend = ScriptedBackend { $0.configuration = [UInt8](repeating: 7, count: 136) }
    #expect(try backend.connect(as: .input).offer.configuration.count == 136)
  }

  @Test func reconnection_toADeviceWithoutConfiguration_forgetsTheOldOne() throws {
    let backends = [ScriptedBackend(), ScriptedBackend { $0.protocolFeatures = 1 << 3 }]
    let device = try device(backends)
    var waiter = device.makeWaiter()
    var disk = try BlockDevice(device.makeTransport(), waiter: &waiter)
    try device.reconnect()
    #expect(device.offer.configuration == [])
    do throws(BringupError) {
      try disk.restart(waiter: &waiter)
      Issue.record("restarted without a configuration")
    } catch {
      #expect(error == .configuration(.tooShort(byteCount: 0, needed: 8)))
    }
    #expect(!backends[1].state.withLock { $0.requests.contains(.getConfiguration) })
  }

  /// Somebody reads the configuration while somebody else reconnects: the reader sees that it changed.
  @Test func reconnection_toAShorterConfiguration_isSeenByWhoeverReadsIt() throws {
    let device = try device([ScriptedBackend(), ScriptedBackend { $0.configuration = [0, 8, 0, 0, 0, 0, 0, 0] }])
    let transport = device.makeTransport()
    #expect(transport.configurationByteCount == 60)
    let generation = transport.readConfigurationGeneration()
    try device.reconnect()
    #expect(transport.readConfiguration32(at: 20) == 0)
    #expect(transport.readConfiguration8(at: 59) == 0)
    #expect(transport.readConfigurationGeneration() != generation)
  }
}
