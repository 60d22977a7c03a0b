import DevicePlatform
import DeviceTraits
import Testing
import VirtIOTestSupport

@Suite struct LoopbackNetworkTests {
  let memory = TestMemory(heap: DeviceHeap())

  private func loopback(capacity: Int = 4) -> LoopbackNetwork<TestMemory> {
    LoopbackNetwork(address: [2, 0, 0, 0, 0, 1], mtu: 1500, capacity: capacity, memory: memory)
  }

  private func frame(of device: any NetworkDevice, _ byteCount: Int, _ first: UInt8) throws -> NetworkFrame {
    var frame = try device.makeFrame(byteCount: byteCount)
    for index in 0..<byteCount { frame[index] = first &+ UInt8(truncatingIfNeeded: index) }
    return frame
  }

  @Test func framesSent_comeInInOrderAfterPublish() throws {
    let device: any NetworkDevice = loopback()
    for first: UInt8 in [1, 100] {
      expectTaken(device.send(try frame(of: device, 60, first)))
    }
    expectNothing(device.receive())
    device.publish()
    for first: UInt8 in [1, 100] {
      guard let frame = device.receive() else { throw Missing() }
      let (byteCount, begin, length) = (frame.byteCount, frame[0], bytesSeen(frame))
      device.recycle(frame)
      #expect(byteCount == 60)
      #expect(begin == first)
      #expect(length == 60)
    }
    expectNothing(device.receive())
    #expect(memory.buffersInUse == 0)
  }

  @Test func frameBeyondTheCapacity_comesBack() throws {
    let device: any NetworkDevice = loopback(capacity: 1)
    expectTaken(device.send(try frame(of: device, 60, 1)))
    guard let refused = device.send(try frame(of: device, 61, 9)) else { throw Missing() }
    let error = refused.error
    let frame = refused.takeFrame()
    let (byteCount, begin) = (frame.byteCount, frame[0])
    #expect(error == .full)
    #expect(byteCount == 61)
    #expect(begin == 9)
  }

  @Test func framesOfWrongSizes_areRefused() throws {
    let device = loopback()
    #expect(failure { () throws(NetworkError) in _ = try device.makeFrame(byteCount: 13) } == .tooShort(byteCount: 13))
    #expect(
      failure { () throws(NetworkError) in _ = try device.makeFrame(byteCount: 1515) }
        == .tooLong(byteCount: 1515, limit: 1514))
    let large = NetworkFrame(try memory.allocate(byteCount: 2000), from: 0, byteCount: 2000)
    guard let refused = device.send(large) else { throw Missing() }
    let error = refused.error
    #expect(error == .tooLong(byteCount: 2000, limit: 1514))
  }

  @Test func checksum_isWhatTheSenderSays() throws {
    let device: any NetworkDevice = loopback()
    let words: [FrameChecksum] = [.unknown, .verified, .unfinished(start: 34, offset: 6)]
    for word in words {
      var frame = try frame(of: device, 60, 1)
      frame.checksum = word
      expectTaken(device.send(frame))
    }
    device.publish()
    for word in words {
      guard let frame = device.receive() else { throw Missing() }
      #expect(frame.checksum == word)
    }
  }

  @Test func armedInterface_tellsOfAFrameThatHasComeIn() throws {
    let device: any NetworkDevice = loopback()
    expectTaken(device.send(try frame(of: device, 60, 1)))
    #expect(device.arm() == false)
    device.publish()
    #expect(device.arm() == true)
    // Nobody but the waiting owner could send: the wait is over at once.
    device.wait(until: MonotonicTime(nanoseconds: .max))
    _ = device.receive()
    #expect(device.arm() == false)
  }

  @Test func everyFrame_isSomewhere() throws {
    let device: any NetworkDevice = loopback(capacity: 3)
    for size in [60, 100] { expectTaken(device.send(try frame(of: device, size, 1))) }
    device.publish()
    guard let first = device.receive() else { throw Missing() }
    #expect(first.byteCount == 60)
    for size in [200, 300] { expectTaken(device.send(try frame(of: device, size, 1))) }
    if device.send(try frame(of: device, 60, 1)) == nil { Issue.record("taken beyond the capacity") }
    var expected = InterfaceCounters()
    expected.framesReceived = 1
    expected.bytesReceived = 60
    expected.buffersOffered = 2
    expected.buffersWaiting = 1
    expected.framesTaken = 4
    expected.bytesTaken = 660
    expected.framesSent = 2
    expected.framesInFlight = 2
    expected.framesRefused = 1
    let counters = device.counters
    #expect(counters == expected && counters.addUp)
  }

  @Test func framesOnTheWire_goBackWithTheInterface() throws {
    do {
      let device = loopback()
      expectTaken(device.send(try frame(of: device, 60, 1)))
      #expect(memory.buffersInUse == 1)
    }
    #expect(memory.buffersInUse == 0)
  }
}

/// The error of a body, for throwing code over noncopyable values.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch { return error }
}

/// Something that had to be there was not.
struct Missing: Error {}

/// A span of a frame lives no longer than this call.
func bytesSeen(_ frame: borrowing NetworkFrame) -> Int { frame.bytes.byteCount }

func expectTaken(_ refused: consuming RefusedFrame?) {
  if refused != nil { Issue.record("refused") }
}

func expectNothing(_ frame: consuming NetworkFrame?) {
  if frame != nil { Issue.record("a frame") }
}
