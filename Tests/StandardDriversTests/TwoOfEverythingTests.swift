import DeviceManager
import DevicePlatform
import DeviceTraits
import InputEvents
import StandardDrivers
import Testing
import VirtIO
import VirtIOTestSupport

/// A machine with two of everything, by traits alone.
@Suite struct TwoOfEverythingTests {
  let computer = Computer()
  let backEnds: BackEnds

  init() throws {
    backEnds = BackEnds(computer.heap)
    try computer.start(backEnds.makeDevices(computer.heap))
  }

  @Test func devices_haveNamesByKind() {
    #expect(
      computer.manager.entries.map { $0.name }.sorted()
        == ["console0", "console1", "input0", "input1", "net0", "net1", "rng0", "rng1", "vda", "vdb"])
    #expect(computer.manager.failureCount == 0)
    #expect(computer.manager.undriven == ["mmio 4"])
    #expect(computer.violations == [])
  }

  @Test func disks_readAndWriteTheirOwn() throws {
    let disks = computer.manager.storageDevices
    #expect(disks.map { $0.blockCount }.sorted() == [32, 64])
    for disk in disks {
      let model = try #require(backEnds.disks.first { $0.capacity == disk.blockCount })
      var buffer = try computer.memory.allocate(byteCount: 1024)
      try disk.read(block: 3, into: &buffer)
      #expect(buffer.array(1024) == BlockModel.pattern(3) + BlockModel.pattern(4))
      for index in 0..<512 { buffer[index] = 0x77 }
      try disk.write(block: 9, from: &buffer)
      try disk.flush()
      #expect(Array(model.storage[9 * 512..<10 * 512]) == Array(repeating: 0x77, count: 512))
      #expect(model.flushCount == 1)
      #expect(throws: StorageError.outOfRange(block: disk.blockCount, count: 2, limit: disk.blockCount)) {
        try disk.read(block: disk.blockCount, into: &buffer)
      }
    }
    #expect(computer.violations == [])
  }

  @Test func failedRequest_saysWhy() throws {
    let disk = try #require(computer.manager.storageDevices.first { $0.blockCount == 64 })
    backEnds.disks[0].failingSectors = [5]
    var buffer = try computer.memory.allocate(byteCount: 512)
    #expect(throws: StorageError.self) { try disk.read(block: 5, into: &buffer) }
    try disk.read(block: 6, into: &buffer)
  }

  @Test func sources_giveTheirOwn() throws {
    for source in computer.manager.entropySources {
      var bytes = [UInt8](repeating: 0, count: 100)
      var span = bytes.mutableSpan
      try source.fill(&span)
      #expect(backEnds.sources.contains { $0.given == bytes })
    }
    #expect(computer.manager.entropySources.count == 2)
    #expect(computer.violations == [])
  }

  @Test func consoles_writeAndRead() throws {
    let consoles = computer.manager.consoleDevices
    #expect(consoles.count == 2)
    for (index, console) in consoles.enumerated() {
      #expect(console.textSize == ConsoleTextSize(columns: 80, rows: 25))
      try console.write(Array("hello \(index)".utf8).span)
      var bytes = [UInt8](repeating: 0, count: 8)
      var span = bytes.mutableSpan
      let count1 = try console.read(into: &span)
      #expect(count1 == 0)
    }
    #expect(
      Set(backEnds.consoles.map { String(decoding: $0.ports[0]?.received ?? [], as: UTF8.self) })
        == ["hello 0", "hello 1"])
    for (model, device) in zip(backEnds.consoles, computer.devices.filter { $0.type == .console }) {
      model.send(Array("typed".utf8), device)
    }
    for console in consoles {
      var bytes = [UInt8](repeating: 0, count: 8)
      var span = bytes.mutableSpan
      let count2 = try console.read(into: &span)
      #expect(count2 == 5)
      #expect(bytes == Array("typed".utf8) + [0, 0, 0])
    }
    #expect(computer.violations == [])
  }

  @Test func inputs_tellAndAreTold() throws {
    let inputs = computer.manager.inputDevices
    #expect(inputs.count == 2 && inputs.allSatisfy { $0.description.name == "scripted input" })
    let keyboard = try #require(inputs.first { $0.description.kind == .keyboard })
    let other = try #require(inputs.first { $0.description.kind == .other })
    backEnds.inputs[0].send([[1, 30, 1], [0, 0, 0]])
    var frame = InputFrame()
    #expect(other.nextFrame(&frame) == false)
    #expect(keyboard.nextFrame(&frame) == true && Array(frame) == [InputEvent(.key, code: 30, value: 1)])
    #expect(keyboard.nextFrame(&frame) == false)
    try keyboard.set(.capsLock, isOn: true)
    #expect(backEnds.inputs[0].told == [[0x11, 1, 1]] && backEnds.inputs[1].told == [])
    #expect(throws: InputFailure.self) { try other.set(.capsLock, isOn: true) }
    #expect(computer.violations == [])
  }

  @Test func interfaces_sendAndReceive() throws {
    let interfaces = computer.manager.networkDevices
    #expect(interfaces.count == 2)
    for interface in interfaces {
      #expect(interface.mtu == 1500 && interface.isLinkUp)
      #expect((0..<6).map { interface.hardwareAddress[$0] } == [0x52, 0x54, 0, 0x12, 0x34, 0x56])
      for size in [14, 60, 1514] {
        var frame = try interface.makeFrame(byteCount: size)
        for index in 0..<size { frame[index] = UInt8(truncatingIfNeeded: index) }
        if interface.send(frame) != nil { Issue.record("a frame of \(size) bytes was refused") }
      }
      interface.publish()
    }
    for model in backEnds.networks {
      #expect(model.sent.map { $0.frame } == [14, 60, 1514].map { (0..<$0).map { UInt8(truncatingIfNeeded: $0) } })
    }
    for (index, model) in backEnds.networks.enumerated() {
      #expect(model.deliver([UInt8](repeating: UInt8(index + 1), count: 60)))
    }
    var firsts: Set<UInt8> = []
    for interface in interfaces {
      guard let frame = interface.receive() else {
        Issue.record("no frame")
        continue
      }
      #expect(frame.byteCount == 60)
      firsts.insert(frame[59])
      interface.recycle(frame)
      interface.publish()
    }
    #expect(firsts == [1, 2])
    #expect(computer.violations == [])
  }

  /// Buffers of frames that left serve the next ones.
  @Test func framesOneAfterTheOther_useOneBuffer() throws {
    let interface = computer.manager.networkDevices[0]
    var buffers = 0
    for round in 0..<100 {
      let frame = try interface.makeFrame(byteCount: 60)
      if interface.send(frame) != nil { Issue.record("frame \(round) was refused") }
      interface.publish()
      if round == 0 { buffers = computer.memory.buffersInUse }
    }
    #expect(computer.memory.buffersInUse == buffers)
  }

  /// As an answer to a ping is: the buffers come in by one queue and leave by the other, and have to come round.
  @Test func framesSentOnInTheirBuffers_leaveTheDeviceBuffersToFill() throws {
    let interface = computer.manager.networkDevices[0]
    if interface.send(try interface.makeFrame(byteCount: 60)) != nil { Issue.record("the first frame was refused") }
    interface.publish()
    let model = try #require(backEnds.networks.first { $0.sent.count == 1 })
    var buffers = 0
    // More often than any queue has entries.
    for round in 0..<2_000 {
      try #require(model.deliver([UInt8](repeating: UInt8(truncatingIfNeeded: round), count: 60)))
      guard let frame = interface.receive() else {
        Issue.record("no frame in round \(round)")
        return
      }
      if interface.send(frame) != nil { Issue.record("frame \(round) was refused") }
      interface.publish()
      if round == 0 { buffers = computer.memory.buffersInUse }
    }
    #expect(model.sent.count == 2_001)
    #expect(computer.memory.buffersInUse == buffers)
    #expect(computer.violations == [])
  }

  @Test func everythingReleased_givesAllMemoryBack() {
    computer.manager.releaseAll()
    #expect(computer.memory.buffersInUse == 0 && computer.memory.buffersLost == 0)
    for device in computer.devices where device.type != .balloon { #expect(device.status == []) }
    #expect(computer.violations == [])
  }

  @Test func releasedDevices_failInWords() throws {
    let disk = computer.manager.storageDevices[0]
    let source = computer.manager.entropySources[0]
    let console = computer.manager.consoleDevices[0]
    computer.manager.releaseAll()
    var buffer = try computer.memory.allocate(byteCount: 512)
    #expect(throws: StorageError.self) { try disk.read(block: 0, into: &buffer) }
    #expect(throws: EntropyFailure.self) {
      var bytes = [UInt8](repeating: 0, count: 8)
      var span = bytes.mutableSpan
      try source.fill(&span)
    }
    #expect(throws: ConsoleFailure.self) { try console.write([1, 2, 3].span) }
  }
}
