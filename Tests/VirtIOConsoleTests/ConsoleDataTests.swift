import DevicePlatform
import Testing
import VirtIO
import VirtIOConsole
import VirtIOTestSupport

/// Bytes in both directions, owned and copied.
struct ConsoleDataTests {
  typealias Port = ConsoleModel.Port

  static let single: FeatureSet = [.indirectDescriptors, .eventIndex]

  @Test(arguments: [false, true], [0, 1, 99, 100, 101, 1050])
  func write_anyLength_sendsTheBytesInOrder(isLegacy: Bool, count: Int) throws {
    let bench = Bench(features: Self.single, isLegacy: isLegacy)
    do {
      var console = try bench.open { $0.chunkByteCount = 100 }
      var waiter = TestWaiter(limit: 0)
      try console.write(bytes(count), waiter: &waiter)
      #expect(bench.model.ports[0]?.received == bytes(count))
      #expect(bench.device.notifications.count == (count + 99) / 100)
    }
    #expect(bench.isClean)
  }

  @Test func read_bytesInPieces_givesThemAll() throws {
    let bench = Bench(features: Self.single)
    do {
      var console = try bench.open { $0.chunkByteCount = 64 }
      var waiter = TestWaiter(limit: 500)
      // Nothing there: the request stays, and serves the next call.
      #expect(try console.read(10, waiter: &waiter) == [])
      #expect(try console.read(10, waiter: &waiter) == [])
      #expect(console.inFlight(port: 0).reads == 1)
      let (model, device) = (bench.model, bench.device)
      model.send(bytes(100), device)
      var all: [UInt8] = []
      var busy = TestWaiter(limit: 10) { model.send([], device) }
      while all.count < 100 {
        let part = try console.read(10, waiter: &busy)
        #expect(!part.isEmpty)
        if part.isEmpty { break }
        all += part
      }
      // 64 bytes from the first chunk, and one wait for the second.
      #expect(busy.count == 1)
      #expect(all == bytes(100))
    }
    #expect(bench.isClean)
  }

  @Test func read_bytesThatComeDuringTheWait_areGivenAtOnce() throws {
    let bench = Bench(features: Self.single)
    do {
      var console = try bench.open()
      let (model, device) = (bench.model, bench.device)
      var waiter = TestWaiter(limit: 10) { model.send([5, 6], device) }
      #expect(try console.read(10, waiter: &waiter) == [5, 6])
      #expect(waiter.count == 1)
    }
    #expect(bench.isClean)
  }

  // SPEC: drivernormative:Device Types / Console Device / Device Operation 1, 2
  @Test func ownedBuffers_onTwoPorts_keepApart() throws {
    let bench = Bench(ports: [0: Port(), 3: Port()])
    do {
      var console = try bench.open()
      _ = console.events()
      for (port, seed) in [(0, 1), (3, 2)] {
        guard case .accepted = console.startRead(port: port, into: try bench.memory.allocate(byteCount: 50)),
          case .accepted = console.startWrite(port: port, from: try bench.buffer(bytes(30, seed: seed)))
        else {
          Issue.record("refused")
          return
        }
        console.publish(port: port)
      }
      bench.model.send([3, 3, 3], port: 3, bench.device)
      bench.model.send([4], port: 0, bench.device)
      #expect(bench.model.ports[0]?.received == bytes(30, seed: 1))
      #expect(bench.model.ports[3]?.received == bytes(30, seed: 2))
      for (port, expected) in [(0, [4]), (3, [3, 3, 3])] as [(Int, [UInt8])] {
        guard let read = console.complete(port: port), let write = console.complete(port: port) else {
          Issue.record("nothing came back on port \(port)")
          return
        }
        #expect(read.request == .read && read.isDone && read.byteCount == expected.count)
        #expect(write.request == .write && write.isDone && write.byteCount == 30)
        #expect(read.takeBuffer().array(expected.count) == expected)
        #expect(console.inFlight(port: port) == (0, 0))
        if console.complete(port: port) != nil { Issue.record("something came twice") }
      }
    }
    #expect(bench.isClean)
  }

  @Test func fullQueue_isBackPressure() throws {
    let bench = Bench(features: Self.single, queueSize: 8)
    do {
      var console = try bench.open()
      bench.device.setManual(true, queue: 1)
      let capacity = console.capacity(port: 0).writes
      for number in 0...capacity {
        switch console.startWrite(port: 0, from: try bench.buffer([UInt8(number)])) {
        case .accepted: #expect(number < capacity)
        case .refused(let refusal, let buffer):
          #expect(number == capacity && refusal == .queue(.full))
          #expect(buffer.array(1) == [UInt8(number)])
        }
      }
      console.publish(port: 0)
      #expect(bench.device.notifications == [1])
      bench.device.completeAll(queue: 1)
      #expect(bench.model.ports[0]?.received == (0..<UInt8(capacity)).map { $0 })
      var count = 0
      while console.complete(port: 0) != nil { count += 1 }
      #expect(count == capacity)
      switch console.startWrite(port: 0, from: DMABuffer()) {
      case .accepted: Issue.record("an empty buffer was accepted")
      case .refused(let refusal, _): #expect(refusal == .queue(.emptyBuffer))
      }
    }
    #expect(bench.isClean)
  }

  @Test func write_notTakenInTime_timesOutAndLaterChunksHaveRoom() throws {
    let bench = Bench(features: Self.single, queueSize: 4)
    do {
      var console = try bench.open()
      var waiter = TestWaiter(step: .seconds(1))
      bench.device.setManual(true, queue: 1)
      for round in 0..<20 {
        let error = failure { () throws(ConsoleError) in try console.write([UInt8(round)], waiter: &waiter) }
        #expect(error == .timedOut(written: 0, status: [.acknowledge, .driver, .featuresOK, .driverOK]))
        bench.device.completeAll(queue: 1)
      }
      #expect(bench.model.ports[0]?.received == (0..<20).map { $0 })
    }
    #expect(bench.isClean)
  }

  @Test func interrupt_armedAndPosted_tellsOfBytes() throws {
    let bench = Bench(ports: [0: Port(), 1: Port()])
    do {
      var console = try bench.open()
      _ = console.events()
      let handle = console.makeInterruptHandle()
      bench.device.onInterrupt = { handle.handleInterrupt() }
      func post() throws {
        guard case .accepted = console.startRead(port: 1, into: try bench.memory.allocate(byteCount: 8)) else {
          Issue.record("a read was refused")
          return
        }
        console.publish(port: 1)
      }
      // The first one of a queue interrupts whatever the driver asked for: EVENT_IDX begins at 0.
      for round in 0..<3 {
        try post()
        _ = console.mailbox.take()
        bench.model.send([1], port: 1, bench.device)
        if round > 0 { #expect(console.mailbox.take() == []) }
        #expect(console.arm() == true)
        if console.complete(port: 1) == nil { Issue.record("nothing came") }
      }
      try post()
      #expect(console.arm() == false)
      bench.model.send([2], port: 1, bench.device)
      #expect(console.mailbox.take() == .usedBuffers)
      bench.model.tell(0, 6, 0, [], bench.device)
      #expect(console.mailbox.take() == .usedBuffers)
      #expect(console.events() == [.closed(port: 0)])
    }
    #expect(bench.isClean)
  }
}
