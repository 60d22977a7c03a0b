import DevicePlatform
import InputEvents
import Testing
import VirtIO
import VirtIOInput
import VirtIOTestSupport

struct FrameTests {
  // SPEC: drivernormative:... / Input Device / Device Operation 1, 2
  @Test func events_comeInFrames() throws {
    let bench = Bench()
    do {
      var input = try bench.open()
      bench.model.send([[1, 30, 1], syn, [1, 30, 0]])
      #expect(input.frames() == [[[1, 30, 1]]])
      #expect(input.frames() == [])
      bench.model.send([syn, syn, [2, 0, -3], [2, 1, 4], syn])
      #expect(input.frames() == [[[1, 30, 0]], [[2, 0, -3], [2, 1, 4]]])
      #expect(input.ignoredEventCount == 0 && input.overrunCount == 0)
    }
    #expect(bench.isClean && bench.model.droppedCount == 0)
  }

  /// Distances add up, places are replaced; keys end it, and nothing overtakes anything.
  @Test func motion_thatWaits_isOneFrame() throws {
    let bench = Bench()
    do {
      var input = try bench.open()
      var frame = InputFrame()
      bench.model.send([
        [2, 0, 5], syn, [2, 0, -2], [2, 1, 7], syn, [3, 0, 100], syn, [3, 0, 200], syn, [2, 0, 1], [1, 0x110, 1], syn,
        [2, 0, 9], syn, [2, 0, 1], syn,
      ])
      #expect(input.nextFrame(&frame) == true)
      #expect(
        Array(frame) == [
          InputEvent(.relative, code: 0, value: 3), InputEvent(.relative, code: 1, value: 7),
          InputEvent(.absolute, code: 0, value: 200),
        ])
      #expect(frame.frameCount == 4)
      #expect(input.frames() == [[[2, 0, 1], [1, 0x110, 1]], [[2, 0, 10]]])
      bench.model.send([[2, 0, 2_147_483_647], syn, [2, 0, 5], syn])
      #expect(input.frames() == [[[2, 0, 2_147_483_647]]])
      // Fingers are told by several events each, whose order says whose they are.
      bench.model.send([[3, 0x2f, 0], [3, 0x35, 1], syn, [3, 0x2f, 1], [3, 0x35, 2], syn])
      #expect(input.frames() == [[[3, 0x2f, 0], [3, 0x35, 1]], [[3, 0x2f, 1], [3, 0x35, 2]]])
    }
    #expect(bench.isClean)
  }

  @Test func motion_notJoined_comesAsItCame() throws {
    let bench = Bench()
    do {
      var input = try bench.open { $0.joinsMotion = false }
      bench.model.send([[2, 0, 5], syn, [2, 0, -2], syn])
      #expect(input.frames() == [[[2, 0, 5]], [[2, 0, -2]]])
    }
    #expect(bench.isClean)
  }

  @Test func overrun_toldByTheDevice_dropsTheRestOfTheFrame() throws {
    let bench = Bench()
    do {
      var input = try bench.open()
      bench.model.send([[1, 30, 1], [0, 3, 0], [1, 31, 1], syn, [1, 32, 1], syn])
      #expect(input.frames() == [[[-1]], [[1, 32, 1]]])
      #expect(input.overrunCount == 1)
    }
    #expect(bench.isClean)
  }

  /// The device had no buffer left: what came after that may have others before it.
  @Test func overrun_withoutBuffers_isNoticedBehindTheGap() throws {
    let bench = Bench(queueSize: 8)
    do {
      var input = try bench.open()
      bench.model.send((0..<6).flatMap { [[1, 10 + $0, 1], syn] })
      #expect(bench.model.droppedCount == 4)
      #expect(input.frames() == [[[1, 10, 1]], [[1, 11, 1]], [[1, 12, 1]], [[1, 13, 1]]])
      bench.model.send([[1, 20, 1], syn, [1, 21, 1], syn])
      #expect(input.frames() == [[[-1], [1, 20, 1]], [[1, 21, 1]]])
      #expect(input.overrunCount == 1)
    }
    #expect(bench.isClean)
  }

  /// A device throws a whole frame away when it is longer than the buffers that are left: it need not fill them all.
  @Test(arguments: [20, 21]) func overrun_withFewBuffersLeft_isNoticed(_ count: Int) throws {
    let bench = Bench()
    do {
      var input = try bench.open { $0.joinsMotion = false }
      bench.model.send((0..<count).flatMap { [[2, 0, 1 + $0], [2, 1, 1], syn] })
      #expect(input.frames().count == count && input.overrunCount == 0)
      bench.model.send([[2, 0, 100], syn])
      // Three buffers were enough for another such frame, one was not.
      bench.model.send([[2, 0, 101], syn])
      #expect(
        input.frames() == (count == 20 ? [[[2, 0, 100]], [[2, 0, 101]]] : [[[-1], [2, 0, 100]], [[2, 0, 101]]]))
      #expect(input.overrunCount == (count == 20 ? 0 : 1))
    }
    #expect(bench.isClean && bench.model.droppedCount == 0)
  }

  /// Buffers that were read go back while there is more to read.
  @Test func buffers_goBackHalfWay() throws {
    let bench = Bench(queueSize: 8)
    do {
      var input = try bench.open()
      var frame = InputFrame()
      bench.model.send((0..<3).flatMap { [[1, 10 + $0, 1], syn] })
      for _ in 0..<2 { #expect(input.nextFrame(&frame) == true) }
      bench.model.send((3..<6).flatMap { [[1, 10 + $0, 1], syn] })
      #expect(bench.model.droppedCount == 0)
      #expect(input.frames() == [[[1, 12, 1]], [[1, 13, 1]], [[1, 14, 1]], [[1, 15, 1]]])
      #expect(input.overrunCount == 0)
    }
    #expect(bench.isClean)
  }

  @Test func tenThousandEvents_readInTime_allComeInOrder() throws {
    let bench = Bench()
    do {
      var input = try bench.open()
      var sent = 0
      var received: [Int] = []
      while sent < 10_000 {
        let count = min(30, 10_000 - sent)
        for index in 0..<count { bench.model.send([[1, (sent + index) % 700, 1 - (sent + index) & 1], syn]) }
        sent += count
        received += input.frames().map { $0[0][1] }
      }
      #expect(received == (0..<10_000).map { $0 % 700 })
      #expect(
        bench.model.droppedCount == 0 && input.overrunCount == 0 && input.eventQueueState.counters.falseLengths == 0)
    }
    #expect(bench.isClean)
  }

  @Test(arguments: [
    (1, 0x300), (2, 0x10), (3, 0x40), (4, 8), (5, 0x12), (0x11, 0x10), (0x12, 8), (0x14, 2), (0x15, 0x80), (6, 0),
    (0xffff, 0xffff), (0, 1), (0, 0xffff),
  ])
  func code_outOfRange_isIgnoredAndCounted(_ type: Int, _ code: Int) throws {
    let bench = Bench()
    do {
      var input = try bench.open()
      bench.model.send([[1, 30, 1], [type, code, -1], [1, 31, 1], syn])
      #expect(input.frames() == [[[1, 30, 1], [1, 31, 1]]])
      let event = InputEvent(InputEventType(rawValue: UInt16(type)), code: UInt16(code), value: -1)
      #expect(input.ignoredEventCount == 1 && input.lastFault == .unknown(event))
    }
    #expect(bench.isClean)
  }

  @Test(arguments: [0, 1, 7]) func event_tooShort_isIgnoredAndCounted(_ byteCount: Int) throws {
    let bench = Bench()
    do {
      var input = try bench.open()
      bench.model.send(bytes: [UInt8](repeating: 1, count: byteCount))
      bench.model.send([[1, 31, 1], syn])
      #expect(input.frames() == [[[1, 31, 1]]])
      #expect(input.ignoredEventCount == 1 && input.lastFault == .tooShort(byteCount: byteCount))
    }
    #expect(bench.isClean)
  }

  /// More events than any device has, and no end: bounded, and said so.
  @Test func frame_withoutEnd_isCutOff() throws {
    let bench = Bench()
    do {
      var input = try bench.open()
      for _ in 0..<100 {
        bench.model.send((0..<10).map { [1, $0, 1] })
        #expect(input.frames() == [])
      }
      bench.model.send([syn])
      let frames = input.frames()
      #expect(frames.count == 1 && frames[0].count == 1 + InputFrame.limit && frames[0][0] == [-1])
      #expect(input.lastFault == .frameTooLong(limit: 64) && input.ignoredEventCount == 1000 - 64)
    }
    #expect(bench.isClean)
  }

  /// The same with events that are too short for anything.
  @Test func device_thatNeverStopsLying_letsTheDriverGo() throws {
    let bench = Bench()
    bench.device.setManual(false, queue: 0)
    bench.device.setHandler(queue: 0) { _, _ in ScriptedReply(bytes: [2, 0, 0]) }
    do {
      var input = try bench.open()
      var frame = InputFrame()
      #expect(input.nextFrame(&frame) == false)
      #expect(input.ignoredEventCount > 1000 && input.ignoredEventCount <= 4096)
      #expect(input.lastFault == .tooShort(byteCount: 3))
    }
    #expect(bench.isClean)
  }

  /// A device that answers faster than anybody reads cannot keep the driver busy for ever.
  @Test func device_thatNeverStops_letsTheDriverGo() throws {
    let bench = Bench()
    bench.device.setManual(false, queue: 0)
    bench.device.setHandler(queue: 0) { _, _ in ScriptedReply(bytes: [2, 0, 0, 0, 1, 0, 0, 0]) }
    do {
      var input = try bench.open()
      var frame = InputFrame()
      #expect(input.nextFrame(&frame) == false)
      #expect(input.ignoredEventCount > 1000 && input.ignoredEventCount <= 4096)
    }
    #expect(bench.isClean)
  }

  @Test func usedRing_withAnUnknownId_failsTheDevice() throws {
    let bench = Bench()
    do {
      var input = try bench.open()
      bench.device.hostility.usedID = 777
      bench.model.send([[1, 30, 1]])
      #expect(input.frames() == [] && input.fault == .idUnknown(777) && bench.device.resetCount >= 2)
      #expect(failure { () throws(InputRefusal) in try input.set(.capsLock, isOn: true) } != nil)
    }
    #expect(bench.heap.violations == [] && bench.memory.buffersInUse == 0)
  }
}
