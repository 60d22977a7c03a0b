import DevicePlatform
import Testing
import VirtIO
import VirtIOConsole
import VirtIOTestSupport

/// A console that is pulled out while it is in use, and requests that cannot be.
struct ConsoleRemovalTests {
  @Test func removal_saidByTheBus_returnsEveryBuffer() throws {
    let bench = Bench()
    do {
      var console = try bench.open()
      _ = console.events()
      bench.device.setManual(true, queue: 1)
      for _ in 0..<3 {
        guard case .accepted = console.startRead(port: 0, into: try bench.memory.allocate(byteCount: 8)) else {
          Issue.record("refused")
          return
        }
      }
      guard case .accepted = console.startWrite(port: 0, from: try bench.buffer([1, 2])) else {
        Issue.record("refused")
        return
      }
      console.publish(port: 0)
      bench.device.hostility.isAbsent = true
      var waiter = TestWaiter(step: .milliseconds(100))
      #expect(failure { () throws(ConsoleError) in try console.write([1], waiter: &waiter) } == .deviceAbsent)
      #expect(failure { () throws(BringupError) in try console.shutDown(waiter: &waiter) } == .deviceAbsent)
      if console.complete(port: 0) != nil { Issue.record("a completion without a device") }
      console.deviceWasRemoved(unsafe DeviceRemoval())
      var found = (reads: 0, writes: 0)
      while let completion = console.complete(port: 0) {
        #expect(completion.isDone == false && completion.byteCount == 0)
        if completion.request == .read { found.reads += 1 } else { found.writes += 1 }
      }
      #expect(found == (3, 1))
      #expect(
        failure { () throws(ConsoleError) in try console.write([1], waiter: &waiter) }
          == .refused(.queue(.queueFailed)))
    }
    #expect(bench.memory.buffersInUse == 0 && bench.memory.buffersLost == 0)
  }

  @Test func requests_toPortsThatCannotBe_areRefusedWithTheBuffer() throws {
    let bench = Bench()
    do {
      var console = try bench.open { $0.maximumPorts = 3 }
      _ = console.events()
      var waiter = TestWaiter()
      for (port, expected) in [
        (-1, .portBeyondMaximum(port: -1, count: 3)), (3, .portBeyondMaximum(port: 3, count: 3)),
        (2, .portMissing(port: 2)),
      ] as [(Int, ConsoleRefusal)] {
        for isRead in [true, false] {
          let buffer = try bench.buffer([1, 2, 3])
          switch isRead ? console.startRead(port: port, into: buffer) : console.startWrite(port: port, from: buffer) {
          case .accepted: Issue.record("port \(port) took a request")
          case .refused(let refusal, let buffer):
            #expect(refusal == expected)
            #expect(buffer.count == 3)
          }
        }
        #expect(
          failure { () throws(ConsoleError) in try console.write([1], port: port, waiter: &waiter) }
            == .refused(expected))
        #expect(
          failure { () throws(ConsoleError) in _ = try console.read(1, port: port, waiter: &waiter) }
            == .refused(expected))
        console.publish(port: port)
        if console.complete(port: port) != nil { Issue.record("a completion of port \(port)") }
        #expect(console.inFlight(port: port) == (0, 0))
        #expect((console.queueStates(ofPort: port) == nil) == (port != 2))
        #expect(console.capacity(port: port) == (port == 2 ? (32, 32) : (0, 0)))
      }
      // No room for a byte: nothing to wait for.
      #expect(try console.read(0, waiter: &waiter) == [])
    }
    #expect(bench.isClean)
  }

  @Test func write_withoutMemory_isAnError() throws {
    let bench = Bench()
    var console = try bench.open()
    _ = console.events()
    bench.heap.capacity = 0
    var waiter = TestWaiter()
    let error = failure { () throws(ConsoleError) in try console.write([1], waiter: &waiter) }
    guard case .memory = error else {
      Issue.record("expected an error about memory, found \(String(describing: error))")
      return
    }
    #expect(console.inFlight(port: 0) == (0, 0) && console.status.contains(.driverOK) && !console.isLegacy)
  }
}
