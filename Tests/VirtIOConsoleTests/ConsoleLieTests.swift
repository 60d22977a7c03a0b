import DevicePlatform
import Testing
import VirtIO
import VirtIOConsole
import VirtIOTestSupport

/// What a device can say about bytes, messages and the configuration that is not so.
struct ConsoleLieTests {
  /// One port, whose buffers are filled by `answer` as soon as they are there.
  private func bench(_ answer: @escaping (ScriptedRequest) -> ScriptedReply) -> Bench {
    let bench = Bench(features: [.eventIndex, .Console.size])
    bench.device.setManual(false, queue: 0)
    bench.device.setHandler(queue: 0) { request, _ in answer(request) }
    return bench
  }

  @Test(arguments: [49, 4096, .max] as [UInt32]) func read_lengthBeyondTheBuffer_isCutDown(length: UInt32) throws {
    let bench = bench { _ in ScriptedReply(writes: [], usedLength: length) }
    do {
      var console = try bench.open { $0.chunkByteCount = 48 }
      var waiter = TestWaiter()
      #expect(try console.read(100, waiter: &waiter).count == 48)
      guard case .accepted = console.startRead(port: 0, into: try bench.memory.allocate(byteCount: 10)) else {
        Issue.record("refused")
        return
      }
      console.publish(port: 0)
      #expect(console.complete(port: 0)?.byteCount == 10)
      #expect(console.queueStates(ofPort: 0)?.receive.counters.falseLengths == 2)
    }
    #expect(bench.isClean)
  }

  @Test func message_lengthBeyondTheBuffer_isCutDown() throws {
    let bench = Bench()
    do {
      var console = try bench.open { $0.controlByteCount = 12 }
      _ = console.events()
      bench.device.hostility.usedLength = .max
      bench.model.tell(0, 7, 1, Array("abcd".utf8), bench.device)
      #expect(console.events() == [.named(port: 0)])
      #expect(console.name(ofPort: 0) == "abcd")
    }
    #expect(bench.isClean)
  }

  @Test func read_answersWithoutBytes_endAtTheDeadline() throws {
    let clock = ManualClock()
    var answers = 0
    let bench = bench { _ in
      answers += 1
      clock.advance(by: .milliseconds(1))
      // One byte in the end, so that a driver that does not look at the clock fails here and does not hang.
      return ScriptedReply(bytes: answers < 1000 ? [] : [1])
    }
    do {
      var console = try bench.open()
      var waiter = TestWaiter(clock: clock)
      #expect(try console.read(1, waiter: &waiter) == [])
      #expect(answers == 50)
    }
    #expect(bench.isClean)
  }

  @Test func events_ofADeviceThatNeverStops_endWithTheBuffersThereWere() throws {
    let bench = Bench()
    bench.device.setManual(false, queue: 2)
    // Every buffer is filled the moment it is there: port 0, and an event that nobody knows.
    bench.device.setHandler(queue: 2) { _, _ in ScriptedReply(bytes: [0, 0, 0, 0, 99, 0, 0, 0]) }
    do {
      var console = try bench.open { $0.controlBufferCount = 8 }
      for _ in 0..<3 {
        var count = 0
        while count < 1000, console.nextEvent() == .refused(.eventUnknown(99)) { count += 1 }
        #expect(count == 8)
      }
    }
    #expect(bench.device.violations == [] && bench.memory.buffersInUse == 0)
  }

  @Test func size_thatNeverSettles_leavesTheOldOne() throws {
    let bench = bench { _ in ScriptedReply() }
    do {
      var console = try bench.open()
      #expect(console.size(ofPort: 0) == ConsoleSize(columns: 80, rows: 25))
      bench.device.hostility.generationNeverSettles = true
      bench.device.changeConfiguration(at: 0, to: [132, 0])
      #expect(console.refreshSize() == false)
      #expect(console.size(ofPort: 0) == ConsoleSize(columns: 80, rows: 25))
      bench.device.hostility.generationNeverSettles = false
      #expect(console.refreshSize() == true)
      #expect(console.size(ofPort: 0) == ConsoleSize(columns: 132, rows: 25))
    }
    #expect(bench.isClean)
  }
}
