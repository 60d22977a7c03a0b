import DeviceManager
import DevicePlatform
import DeviceTraits
import InputEvents
import Testing
import VirtIO
import VirtIOTestSupport

/// A machine with one broken device of each kind: the others work.
@Suite struct BrokenDeviceTests {
  static let faults: [(name: String, break: @Sendable (inout Hostility) -> Void)] = [
    ("refuses features", { $0.refusesFeatures = true }), ("never resets", { $0.neverResets = true }),
    ("has no queues", { $0.queueMaximum = 0 }), ("keeps queues off", { $0.queuesStayDisabled = true }),
  ]

  @Test(arguments: 0..<4)
  func oneOfEachKind_isLeftOut(_ fault: Int) throws {
    let computer = Computer()
    let backEnds = BackEnds(computer.heap)
    let devices = backEnds.makeDevices(computer.heap)
    // The first four: a disk, a source, a console and a network card; and a keyboard.
    for device in devices.prefix(4) + [backEnds.inputs[0].device] {
      Self.faults[fault].break(&device.hostility)
      // A reset has nothing to do for a device that nobody ever drove.
      if device.hostility.neverResets { device.setStatus([.acknowledge, .driver, .driverOK]) }
    }
    try computer.start(devices)
    #expect(computer.manager.failureCount == 5)
    #expect(computer.manager.entries.count == 10)

    let disk = try #require(computer.manager.storageDevices.first)
    #expect(computer.manager.storageDevices.count == 1)
    var buffer = try computer.memory.allocate(byteCount: 512)
    try disk.read(block: 1, into: &buffer)
    #expect(buffer.array(512) == BlockModel.pattern(1))

    var bytes = [UInt8](repeating: 0, count: 16)
    var span = bytes.mutableSpan
    #expect(computer.manager.entropySources.count == 1)
    try computer.manager.entropySources[0].fill(&span)
    #expect(backEnds.sources[1].given == bytes)

    #expect(computer.manager.consoleDevices.count == 1)
    try computer.manager.consoleDevices[0].write([65].span)
    #expect(backEnds.consoles[1].ports[0]?.received == [65])

    #expect(computer.manager.networkDevices.count == 1)
    let interface = computer.manager.networkDevices[0]
    if interface.send(try interface.makeFrame(byteCount: 60)) != nil { Issue.record("refused") }
    interface.publish()
    #expect(backEnds.networks[1].sent.count == 1)

    #expect(computer.manager.inputDevices.count == 1)
    backEnds.inputs[1].send([[1, 116, 1], [0, 0, 0]])
    var frame = InputFrame()
    #expect(computer.manager.inputDevices[0].nextFrame(&frame) == true && frame.first?.code == 116)
  }

  /// Broken later, in the middle of its work.
  @Test func deviceThatBreaksTheRules_failsAlone() throws {
    let computer = Computer()
    let backEnds = BackEnds(computer.heap)
    let devices = backEnds.makeDevices(computer.heap)
    try computer.start(devices)
    devices[0].hostility.usedID = 77
    let bad = try #require(computer.manager.storageDevices.first { $0.blockCount == 64 })
    let good = try #require(computer.manager.storageDevices.first { $0.blockCount == 32 })
    var buffer = try computer.memory.allocate(byteCount: 512)
    #expect(throws: StorageError.self) { try bad.read(block: 1, into: &buffer) }
    var other = try computer.memory.allocate(byteCount: 512)
    try good.read(block: 1, into: &other)
    #expect(other.array(512) == BlockModel.pattern(1))
    // Good again, and reset: the next driver has it.
    devices[0].hostility = Hostility()
    let name = try #require(computer.manager.entries.first { $0.location == "mmio 0" }).name
    try computer.manager.release(name)
    try computer.manager.start(name)
    var again = try computer.memory.allocate(byteCount: 512)
    let disk = try #require(computer.manager.storageDevices.first { $0.blockCount == 64 })
    try disk.read(block: 2, into: &again)
    #expect(again.array(512) == BlockModel.pattern(2))
  }
}
