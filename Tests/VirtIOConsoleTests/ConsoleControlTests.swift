import DevicePlatform
import Testing
import VirtIO
import VirtIOConsole
import VirtIOTestSupport

/// Ports that come, go, open and close.
struct ConsoleControlTests {
  typealias Message = ConsoleModel.Message
  typealias Port = ConsoleModel.Port

  // SPEC: drivernormative:Device Types / Console Device / Device Operation / Multiport Device Operation 1, 2, 3
  // SPEC: sec:Device Types / Console Device / Device Operation / Legacy Interface: Device Operation 1
  // SPEC: sec:Device Types / Console Device / Legacy Interface: Framing Requirements 1
  @Test(arguments: [false, true]) func severalPorts_areAnnouncedNamedAndOpened(isLegacy: Bool) throws {
    let bench = Bench(
      ports: [0: Port(isConsole: true), 2: Port(name: "org.vireo.a"), 3: Port(name: "b", isOpen: false)],
      isLegacy: isLegacy)
    do {
      var console = try bench.open()
      #expect(console.portCount == 4)
      #expect(console.deviceMaximumPorts == 4)
      #expect(console.isThere(port: 0) == false)
      let events = console.events()
      #expect(
        events == [
          .added(port: 0), .added(port: 2), .added(port: 3), .isConsole(port: 0), .opened(port: 0), .named(port: 2),
          .opened(port: 2), .named(port: 3),
        ])
      #expect(
        bench.model.messages == [
          Message(0, 0, 1), Message(0, 3, 1), Message(2, 3, 1), Message(3, 3, 1), Message(0, 6, 1),
        ])
      #expect(console.isConsole(port: 0) && !console.isConsole(port: 2))
      #expect(console.name(ofPort: 2) == "org.vireo.a")
      #expect(console.name(ofPort: 3) == "b")
      #expect(console.name(ofPort: 0) == nil)
      #expect(console.isOpenByDevice(port: 2) && !console.isOpenByDevice(port: 3))
      #expect(console.isThere(port: 1) == false)
    }
    #expect(bench.isClean)
    #expect(bench.device.status == [])
  }

  @Test func port_openedAndClosedByTheDevice_isWrittenOnlyWhileOpen() throws {
    let bench = Bench(ports: [1: Port(isOpen: false)])
    do {
      var console = try bench.open()
      _ = console.events()
      switch console.startWrite(port: 1, from: try bench.buffer([1, 2])) {
      case .accepted: Issue.record("a write to a closed port was accepted")
      case .refused(let refusal, let buffer):
        #expect(refusal == .portClosed(port: 1))
        #expect(buffer.array(2) == [1, 2])
      }
      bench.model.tell(1, 6, 1, [], bench.device)
      #expect(console.events() == [.opened(port: 1)])
      guard case .accepted = console.startWrite(port: 1, from: try bench.buffer([1, 2])) else {
        Issue.record("a write to an open port was refused")
        return
      }
      console.publish(port: 1)
      #expect(bench.model.ports[1]?.received == [1, 2])
      bench.model.tell(1, 6, 0, [], bench.device)
      #expect(console.events() == [.closed(port: 1)])
      #expect(console.isOpenByDevice(port: 1) == false)
    }
    #expect(bench.isClean)
  }

  @Test func open_andClose_areTold() throws {
    let bench = Bench(ports: [1: Port()])
    do {
      var console = try bench.open()
      _ = console.events()
      try console.open(port: 1)
      try console.open(port: 1)
      try console.close(port: 1)
      #expect(bench.model.messages == [Message(0, 0, 1), Message(1, 3, 1), Message(1, 6, 1), Message(1, 6, 0)])
      #expect(failure { () throws(ConsoleRefusal) in try console.open(port: 0) } == .portMissing(port: 0))
      #expect(
        failure { () throws(ConsoleRefusal) in try console.open(port: 4) } == .portBeyondMaximum(port: 4, count: 4))
      #expect(
        failure { () throws(ConsoleRefusal) in try console.close(port: -1) } == .portBeyondMaximum(port: -1, count: 4))
    }
    #expect(bench.isClean)
  }

  @Test func port_removedAndAddedAgain_beginsAnewAndKeepsItsBuffers() throws {
    let bench = Bench(ports: [1: Port(name: "old", isConsole: true)])
    do {
      var console = try bench.open()
      _ = console.events()
      guard case .accepted = console.startRead(port: 1, into: try bench.buffer(bytes(8))) else {
        Issue.record("a read was refused")
        return
      }
      console.publish(port: 1)
      bench.model.tell(1, 2, 0, [], bench.device)
      #expect(console.events() == [.removed(port: 1)])
      #expect(console.isThere(port: 1) == false)
      switch console.startRead(port: 1, into: try bench.buffer([0])) {
      case .accepted: Issue.record("a removed port was read")
      case .refused(let refusal, _): #expect(refusal == .portMissing(port: 1))
      }
      bench.model.ports[1] = Port()
      bench.model.tell(1, 1, 0, [], bench.device)
      #expect(console.events() == [.added(port: 1), .opened(port: 1)])
      #expect(console.name(ofPort: 1) == nil && !console.isConsole(port: 1))
      // The buffer from before is still there for it.
      bench.model.send([7, 8, 9], port: 1, bench.device)
      guard let completion = console.complete(port: 1) else {
        Issue.record("nothing came")
        return
      }
      #expect(completion.byteCount == 3)
    }
    #expect(bench.isClean)
  }

  @Test func port_aboveTheDriversLimit_isDeclinedAndTheOthersGoOn() throws {
    let bench = Bench(ports: [0: Port(), 3: Port(name: "far")])
    do {
      var console = try bench.open { $0.maximumPorts = 2 }
      #expect(console.portCount == 2)
      #expect(console.events() == [.added(port: 0), .declined(port: 3), .opened(port: 0)])
      #expect(bench.model.messages.contains(Message(3, 3, 0)))
      switch console.startWrite(port: 3, from: try bench.buffer([1])) {
      case .accepted: Issue.record("a port without queues was written")
      case .refused(let refusal, _): #expect(refusal == .portBeyondMaximum(port: 3, count: 2))
      }
      #expect(bench.device.isEnabled(queue: 5) && !bench.device.isEnabled(queue: 6))
    }
    #expect(bench.isClean)
  }

  @Test(arguments: [4, 5, 0x7fff_ffff, 0xffff_ffff] as [UInt32])
  func message_aboutAPortBeyondTheMaximum_isRefusedAndTheRestGoesOn(port: UInt32) throws {
    let bench = Bench()
    do {
      var console = try bench.open()
      _ = console.events()
      for event in 0..<9 as Range<UInt16> {
        bench.model.tell(port, event, 1, [], bench.device)
        #expect(console.events() == [.refused(.portBeyondMaximum(port: port, maximum: 4))])
      }
      #expect(console.refusedMessageCount == 9)
      #expect(
        ConsoleMessageFault.portBeyondMaximum(port: port, maximum: 4).clause
          == "devicenormative:Device Types / Console Device / Device Operation / Multiport Device Operation")
      var waiter = TestWaiter()
      try console.write([1, 2, 3], waiter: &waiter)
      #expect(bench.model.ports[0]?.received == [1, 2, 3])
    }
    #expect(bench.isClean)
  }

  @Test func message_thatCannotBe_isRefused() throws {
    let bench = Bench(ports: [0: Port(isConsole: true)])
    do {
      var console = try bench.open()
      _ = console.events()
      let (model, device) = (bench.model, bench.device)
      model.tell(bytes: [], device)
      model.tell(bytes: [0, 0, 0, 0, 1, 0, 0], device)
      model.tell(0, 1, 0, [], device)
      model.tell(1, 2, 0, [], device)
      model.tell(1, 6, 1, [], device)
      model.tell(0, 0, 1, [], device)
      model.tell(0, 3, 1, [], device)
      model.tell(0, 8, 0, [], device)
      model.tell(0, 5, 0, [80, 0, 25], device)
      model.tell(0, 6, 2, [], device)
      #expect(
        console.events() == [
          .refused(.tooShort(byteCount: 0, needed: 8)), .refused(.tooShort(byteCount: 7, needed: 8)),
          .refused(.portRepeated(port: 0)), .refused(.portMissing(port: 1, event: 2)),
          .refused(.portMissing(port: 1, event: 6)), .refused(.eventUnknown(0)), .refused(.eventUnknown(3)),
          .refused(.eventUnknown(8)), .refused(.tooShort(byteCount: 11, needed: 12)),
          .refused(.valueInvalid(2, event: 6)),
        ])
      #expect(console.refusedMessageCount == 10)
    }
    #expect(bench.isClean)
  }

  @Test func name_ofAnyLength_isWhatFollows() throws {
    let bench = Bench()
    do {
      var console = try bench.open { $0.controlByteCount = 20 }
      _ = console.events()
      for name in ["", "x", "zwölf", "more than twelve characters"] {
        bench.model.tell(0, 7, 1, Array(name.utf8), bench.device)
        #expect(console.events() == [.named(port: 0)])
        #expect(console.name(ofPort: 0) == String(decoding: Array(name.utf8).prefix(12), as: UTF8.self))
      }
    }
    #expect(bench.isClean)
  }

  @Test func resize_ofAPort_isItsSize() throws {
    let bench = Bench(ports: [2: Port()])
    do {
      var console = try bench.open()
      _ = console.events()
      #expect(console.size(ofPort: 2) == nil)
      bench.model.tell(2, 5, 0, [132, 0, 44, 1], bench.device)
      #expect(console.events() == [.resized(port: 2)])
      #expect(console.size(ofPort: 2) == ConsoleSize(columns: 132, rows: 300))
    }
    #expect(bench.isClean)
  }

  /// A device drops messages that it has no buffer for: the driver must not ask for more answers than it can take.
  @Test(arguments: [31, 12] as [UInt32])
  func manyPorts_allAtOnce_loseNoMessage(count: UInt32) throws {
    var ports: [UInt32: Port] = [:]
    for number in 0..<count { ports[number] = Port(name: "port \(number)", isConsole: number % 2 == 0) }
    let bench = Bench(ports: ports, maximumPorts: count)
    do {
      var console = try bench.open { $0.maximumPorts = 31 }
      let events = console.events()
      #expect(events.filter { if case .named = $0 { true } else { false } }.count == Int(count))
      #expect(events.filter { if case .opened = $0 { true } else { false } }.count == Int(count))
      #expect(bench.model.messages.filter { $0.event == 6 }.count == Int(count + 1) / 2)
    }
    #expect(bench.isClean)
  }

  @Test(arguments: [4, 5, 7]) func fewBuffersForMessages_loseNoneOfThem(count: Int) throws {
    var ports: [UInt32: Port] = [:]
    for number in 0..<4 as Range<UInt32> { ports[number] = Port(name: "port \(number)", isConsole: true) }
    let bench = Bench(ports: ports)
    do {
      var console = try bench.open { $0.controlBufferCount = count }
      #expect(console.events().count == 16)
      #expect(bench.model.messages.count == 1 + 4 + 4)
    }
    #expect(bench.isClean)
  }

  @Test(arguments: [1, 2, 3]) func tooFewBuffersForMessages_stillAnswer(count: Int) throws {
    let bench = Bench(ports: [2: Port()])
    do {
      var console = try bench.open { $0.controlBufferCount = count }
      #expect(console.events() == [.added(port: 2), .opened(port: 2)])
    }
    #expect(bench.isClean)
  }

  /// A device that does not take the driver's messages: nothing is lost, nothing grows, and all is told in the end.
  @Test func deviceThatTakesNoMessages_isToldLater() throws {
    let bench = Bench(ports: [0: Port(), 1: Port(), 2: Port(), 3: Port()])
    do {
      var console = try bench.open()
      _ = console.events()
      bench.device.setManual(true, queue: 3)
      for round in 0..<20 {
        for port in 0..<4 { if round % 2 == 0 { try console.open(port: port) } else { try console.close(port: port) } }
      }
      try console.open(port: 3)
      #expect(bench.device.pending(queue: 3).count == 4)
      bench.device.setManual(false, queue: 3)
      bench.device.completeAll(queue: 3)
      #expect(console.events() == [])
      let last = (0..<4).map { port in bench.model.messages.last { $0.port == port && $0.event == 6 }?.value }
      #expect(last[3] == 1)
      #expect(last[..<3].allSatisfy { $0 == 0 || $0 == nil })
    }
    #expect(bench.isClean)
  }
}
