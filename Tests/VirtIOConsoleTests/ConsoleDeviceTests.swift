import DevicePlatform
import Testing
import VirtIO
import VirtIOConsole
import VirtIOTestSupport

/// Bring-up, configuration, emergency writes, and devices that break the rules.
struct ConsoleDeviceTests {
  typealias Port = ConsoleModel.Port

  // SPEC: sec:Device Types / Console Device / Device configuration layout / Legacy Interface: Device configuration layout 1
  @Test(arguments: [false, true]) func bringUp_withoutMultiport_hasOneOpenPortAtOnce(isLegacy: Bool) throws {
    let bench = Bench(features: [.Console.size], isLegacy: isLegacy)
    do {
      var console = try bench.open()
      #expect(console.portCount == 1 && console.deviceMaximumPorts == 1)
      #expect(console.isThere(port: 0) && console.isConsole(port: 0) && console.isOpenByDevice(port: 0))
      #expect(console.size(ofPort: 0) == ConsoleSize(columns: 80, rows: 25))
      if console.nextEvent() != nil { Issue.record("an event without control queues") }
      #expect(bench.device.acceptedFeatures == (isLegacy ? [.Console.size] : [.Console.size, .version1]))
    }
    #expect(bench.isClean)
  }

  @Test func size_changedInTheConfiguration_isReadAgain() throws {
    let bench = Bench(features: [.Console.size])
    do {
      var console = try bench.open()
      let handle = console.makeInterruptHandle()
      bench.device.onInterrupt = { handle.handleInterrupt() }
      #expect(console.refreshSize() == false)
      bench.device.changeConfiguration(at: 0, to: [132, 0, 50, 0])
      #expect(console.mailbox.take() == .configurationChanged)
      #expect(console.refreshSize() == true)
      #expect(console.size(ofPort: 0) == ConsoleSize(columns: 132, rows: 50))
      bench.device.hostility.generationNeverSettles = true
      #expect(console.refreshSize() == false)
    }
    #expect(bench.isClean)
  }

  @Test func size_notOffered_isNone() throws {
    let bench = Bench(features: [])
    do {
      var console = try bench.open()
      #expect(console.size(ofPort: 0) == nil && console.refreshSize() == false)
    }
    #expect(bench.isClean)
  }

  @Test func bringUp_noPorts_isAnError() throws {
    let bench = Bench(maximumPorts: 0)
    var error: BringupError?
    do { _ = try bench.open() } catch let caught as BringupError { error = caught }
    #expect(error == .configuration(.invalid(field: ConfigurationField("max_nr_ports"), value: 0)))
    #expect(bench.device.status.contains(.failed))
    #expect(bench.memory.buffersInUse == bench.memory.buffersLost)
  }

  @Test func bringUp_morePortsSaidThanQueues_isAnError() throws {
    let bench = Bench(maximumPorts: .max)
    var error: BringupError?
    do { _ = try bench.open { $0.maximumPorts = 32_767 } } catch let caught as BringupError { error = caught }
    #expect(error == .queueMissing(index: 130))
    #expect(bench.device.status.contains(.failed))
  }

  @Test func bringUp_noMemoryForMessages_isAnError() throws {
    let bench = Bench()
    // Two queues of port 0 and the control queues are there by then; the first message buffer is not.
    for failing in 0..<20 {
      bench.heap.capacity = failing * 500
      do {
        _ = try bench.open()
        Issue.record("came up with \(failing * 500) bytes")
      } catch let error as BringupError {
        guard case .memory = error else { throw error }
      }
    }
  }

  @Test func emergencyWrite_beforeBringUpAndAfter_reachesTheDevice() throws {
    let bench = Bench(features: [.Console.emergencyWrite])
    do {
      for byte in "hi".utf8 { #expect(Console.emergencyWrite(byte, through: try bench.transport())) }
      #expect(bench.device.status == [])
      let console = try bench.open()
      #expect(console.emergencyWrite(0x21) == true)
      #expect(bench.model.emergency == Array("hi!".utf8))
    }
    #expect(bench.isClean)
    let without = Bench(features: [])
    #expect(Console.emergencyWrite(1, through: try without.transport()) == false)
    let console = try without.open()
    #expect(console.emergencyWrite(1) == false)
    #expect(without.model.emergency == [])
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5])
  func queue_thatBreaksTheRules_failsTheDeviceAndGivesBuffersBack(queue: Int) throws {
    let bench = Bench(ports: [0: Port(), 1: Port()])
    do {
      var console = try bench.open()
      _ = console.events()
      bench.device.setManual(true, queue: 1)
      bench.device.setManual(true, queue: 5)
      for port in 0..<2 {
        guard case .accepted = console.startRead(port: port, into: try bench.memory.allocate(byteCount: 8)),
          case .accepted = console.startWrite(port: port, from: try bench.memory.allocate(byteCount: 8))
        else {
          Issue.record("refused")
          return
        }
        console.publish(port: port)
      }
      bench.device.jumpUsedIndex(queue: queue, by: 100)
      if queue == 3 { try console.open(port: 0) }
      var done = 0
      var undone = 0
      for _ in 0..<3 {
        _ = console.events()
        for port in 0..<2 {
          while let completion = console.complete(port: port) {
            if completion.isDone { done += 1 } else { undone += 1 }
            #expect(completion.isDone || completion.byteCount == 0)
          }
        }
      }
      #expect(done == 0 && undone == 4)
      let fault = console.fault
      guard case .usedIndexJumped = fault else {
        Issue.record("fault is \(String(describing: fault))")
        return
      }
      switch console.startWrite(port: 0, from: try bench.memory.allocate(byteCount: 8)) {
      case .accepted: Issue.record("a failed device took a request")
      case .refused(let refusal, _): #expect(refusal == .queue(.queueFailed))
      }
      var waiter = TestWaiter()
      #expect(
        failure { () throws(ConsoleError) in try console.write([1], waiter: &waiter) }
          == .refused(.queue(.queueFailed)))
    }
    #expect(bench.memory.buffersInUse == 0)
  }

  @Test func shutDown_withBuffersInFlight_givesThemBack() throws {
    let bench = Bench()
    do {
      var console = try bench.open()
      _ = console.events()
      for _ in 0..<5 { _ = console.startRead(port: 0, into: try bench.memory.allocate(byteCount: 8)) }
      console.publish(port: 0)
      var waiter = TestWaiter()
      try console.shutDown(waiter: &waiter)
      var count = 0
      while let completion = console.complete(port: 0) {
        #expect(completion.isDone == false)
        count += 1
      }
      #expect(count == 5)
      #expect(failure { () throws(ConsoleError) in _ = try console.read(4, waiter: &waiter) } != nil)
    }
    #expect(bench.isClean)
  }

  @Test func drop_ofADeviceThatNeverResets_losesWhatItHad() throws {
    let bench = Bench()
    do {
      var console = try bench.open()
      _ = console.events()
      _ = console.startRead(port: 0, into: try bench.memory.allocate(byteCount: 8))
      console.publish(port: 0)
      bench.device.hostility.neverResets = true
    }
    #expect(bench.memory.buffersLost == bench.memory.buffersInUse)
    #expect(bench.memory.buffersLost > 8)
  }

  /// Any message, any length, in any state: no trap, and the device stays usable.
  @Test func anyMessages_leaveTheDriverAlive() throws {
    let bench = Bench(ports: [0: Port(), 1: Port(), 2: Port(), 3: Port()])
    do {
      var console = try bench.open { $0.maximumPorts = 3 }
      _ = console.events()
      var generator = SplitMix64(seed: 11)
      for _ in 0..<5000 {
        let count = Int.random(in: 0...20, using: &generator)
        var message = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        // Mostly plausible.
        if Bool.random(using: &generator) {
          for (index, limit) in [(0, 6), (1, 0), (2, 0), (3, 0), (4, 9), (5, 0), (6, 2), (7, 0)] where index < count {
            message[index] = UInt8.random(in: 0...UInt8(limit), using: &generator)
          }
        }
        bench.model.tell(bytes: message, bench.device)
        _ = console.events()
      }
      bench.model.announces = false
      bench.model.tell(0, 2, 0, [], bench.device)
      bench.model.tell(0, 1, 0, [], bench.device)
      bench.model.tell(0, 6, 1, [], bench.device)
      _ = console.events()
      var waiter = TestWaiter()
      let before = bench.model.ports[0]?.received.count ?? 0
      try console.write([1, 2, 3], waiter: &waiter)
      #expect(bench.model.ports[0]?.received.count == before + 3)
      #expect(console.fault == nil)
    }
    #expect(bench.isClean)
  }
}
