import Foundation
import Synchronization
import Testing
import VirtualMachine

@testable import VireoTool

/// The tool's end of the wire to a guest that is measured, with a guest that is played here.
@Suite struct NetworkStationTests {
  @Test func frame_goesThereAndBack() {
    let frame = WireFrame(.load, words: [1, 1514, 0x0102_0304])
    let bytes = frame.bytes
    #expect(bytes.count == 60)
    #expect(Array(bytes[..<14]) == [0x52, 0x54, 0, 0, 0, 1, 0x52, 0x54, 0, 0, 0, 2, 0x88, 0xb5])
    #expect(Array(bytes[14..<28]) == [2, 0, 1, 0, 0, 0, 0xea, 5, 0, 0, 4, 3, 2, 1])
    #expect(WireFrame(bytes)?.words == [1, 1514, 0x0102_0304, 0])
    #expect(WireFrame(.data, byteCount: 1514).bytes.count == 1514)
    #expect(Array(WireFrame(.data).bytes[12..<16]) == WireFrame.mark)
  }

  @Test func frame_ofAnotherProtocol_isNone() {
    let bytes = WireFrame(.load).bytes
    var other = bytes
    other[13] = 6
    #expect(WireFrame(other) == nil)
    other = bytes
    other[14] = 8
    #expect(WireFrame(other) == nil)
    #expect(WireFrame(Array(bytes.dropLast())) == nil)
    #expect(WireFrame([]) == nil)
  }

  @Test func transmit_countsWhatComes() throws {
    let (result, _) = try run(NetworkLoad(.transmit, byteCount: 100, frameCount: 300)) { _ in }
    #expect(result.frames == 300)
    #expect(result.lost == 0 && result.disordered == 0)
    #expect(result.interrupts == 17)
    #expect(result.doorbells == 23)
    #expect(result.nanoseconds > 0)
  }

  @Test func transmit_noticesWhatIsMissing() throws {
    let (result, _) = try run(NetworkLoad(.transmit, byteCount: 60, frameCount: 300)) { $0.loses = { $0 == 100 } }
    #expect(result.lost == 1)
    #expect(result.disordered == 1)
  }

  @Test func transmit_ofWhichNothingArrives_isAllLost() throws {
    let (result, _) = try run(NetworkLoad(.transmit, byteCount: 60, frameCount: 300)) { $0.loses = { _ in true } }
    #expect(result.frames == 0)
    #expect(result.lost == 300)
    #expect(result.nanoseconds == 0)
  }

  @Test func transmit_ofAnotherSize_isAnError() throws {
    #expect(throws: ToolError.self) {
      try run(NetworkLoad(.transmit, byteCount: 60, frameCount: 3)) { $0.byteCount = 61 }
    }
  }

  @Test func receive_keepsToTheWindow() throws {
    let (result, most) = try run(NetworkLoad(.receive, byteCount: 60, frameCount: 5000)) { $0.isSlow = true }
    #expect(result.frames == 5000)
    #expect(result.lost == 0 && result.disordered == 0)
    #expect(most <= NetworkStation.window)
    // It makes use of it.
    #expect(most > NetworkStation.window / 2)
  }

  @Test(arguments: [[100], [64, 4999], [4999], [0, 1, 2, 3]])
  func receive_noticesWhatIsMissing(_ lost: [UInt32]) throws {
    let (result, _) = try run(NetworkLoad(.receive, byteCount: 60, frameCount: 5000)) {
      $0.loses = { lost.contains($0) }
    }
    #expect(result.lost == lost.count)
  }

  @Test func guest_thatClaimsTooMuch_isAnError() throws {
    #expect(throws: ToolError.self) {
      try run(NetworkLoad(.receive, byteCount: 60, frameCount: 5000)) { $0.claims = 100_000 }
    }
  }

  @Test func guest_thatFallsSilent_isGivenUp() throws {
    #expect(throws: VirtualMachineError.self) {
      try run(NetworkLoad(.receive, byteCount: 60, frameCount: 5000)) { $0.isSilent = true }
    }
  }

  /// Its frames are counted where they arrive, its words one by one: both have to end.
  @Test(arguments: [NetworkLoad.Direction.transmit, .receive])
  func guest_thatNeverComesToAnEnd_isGivenUp(_ direction: NetworkLoad.Direction) throws {
    let begin = ContinuousClock.now
    #expect {
      try run(NetworkLoad(direction, byteCount: 60, frameCount: 5000)) { $0.isEndless = true }
    } throws: {
      guard case VirtualMachineError.deadlinePassed = $0 else { return false }
      return true
    }
    // Of its two seconds of patience; the rest is for a busy machine.
    #expect(ContinuousClock.now - begin < .seconds(20))
  }

  @Test func rate_isOfTheTimeThatItTook() {
    var result = NetworkResult()
    result.nanoseconds = 500_000_000
    #expect(result.perSecond(1000) == 2000)
  }

  /// Runs a load with a guest on a thread of its own.
  ///
  /// - Returns: what became of it, and the most frames that lay before the guest at a time.
  private func run(
    _ load: NetworkLoad, _ spoil: (inout PlayedGuest) -> Void
  ) throws -> (result: NetworkResult, most: Int) {
    let wire = try FrameWire(mark: WireFrame.mark)
    var guest = PlayedGuest(descriptor: wire.inherited.descriptor)
    spoil(&guest)
    let most = Mutex(0)
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [guest] in
      guest.play { count in most.withLock { $0 = max($0, count) } }
      isDone.signal()
    }
    let station = NetworkStation(wire, patience: .seconds(2))
    defer {
      // Its next look finds nobody there.
      shutdown(wire.inherited.descriptor, Int32(SHUT_RDWR))
      isDone.wait()
    }
    try station.waitForGuest(within: .seconds(10))
    let result = try station.run(load)
    try station.end()
    return (result, most.withLock { $0 })
  }
}

/// The guest's end of the protocol, in the plainest way.
private struct PlayedGuest {
  let descriptor: Int32
  var loses: @Sendable (UInt32) -> Bool = { _ in false }
  var byteCount: Int?
  var isSlow = false
  var isSilent = false
  var isEndless = false
  var claims: UInt32?

  /// Until the other end says that this was all, or is gone.
  func play(_ noteWaiting: (Int) -> Void) {
    say(WireFrame(.hello))
    // Not of the protocol: a guest has traffic of its own.
    put([UInt8](repeating: 0xff, count: 42))
    while let load = next(), load.kind != .end {
      guard load.kind == .load else { continue }
      say(WireFrame(.hello))
      say(WireFrame(.ready))
      var count = load.words[2]
      if load.words[0] == 1 {
        for number in 0..<count where !loses(number) {
          say(WireFrame(.data, words: [number], byteCount: byteCount ?? Int(load.words[1])))
        }
        while isEndless, say(WireFrame(.data, words: [count], byteCount: Int(load.words[1]))) {}
      } else {
        count = receive(noteWaiting)
      }
      say(WireFrame(.result, words: [count, 17, 0, 23]))
    }
  }

  private func receive(_ noteWaiting: (Int) -> Void) -> UInt32 {
    var (count, next) = (UInt32(0), UInt32(0))
    while let frame = self.next(), !isSilent {
      if frame.kind == .stop {
        while isEndless, say(WireFrame(.taken, words: [next, 0])) {}
        say(WireFrame(.taken, words: [next, 1]))
        break
      }
      guard frame.kind == .data, !loses(frame.words[0]) else { continue }
      next = frame.words[0] + 1
      count += 1
      guard next.isMultiple(of: 64) else { continue }
      if isSlow {
        usleep(2000)
        noteWaiting(waitingByteCount / 64 + 64)
      }
      say(WireFrame(.taken, words: [claims ?? next, 0]))
    }
    return count
  }

  private var waitingByteCount: Int {
    var count: Int32 = 0
    // A local variable, as large as the call's answer.
    return unsafe ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
  }

  @discardableResult private func say(_ frame: WireFrame) -> Bool { put(frame.bytes) }

  /// - Returns: whether there was somebody to take it.
  @discardableResult private func put(_ frame: [UInt8]) -> Bool {
    let length = (0..<4).map { UInt8(truncatingIfNeeded: frame.count >> (24 - 8 * $0)) }
    var rest = (length + frame)[...]
    while !rest.isEmpty {
      // As many bytes as the slice has.
      let sent = unsafe rest.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  private func next() -> WireFrame? {
    while true {
      guard let length = take(4) else { return nil }
      guard let bytes = take(length.reduce(0) { $0 << 8 | Int($1) }) else { return nil }
      if let frame = WireFrame(bytes) { return frame }
    }
  }

  private func take(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    // As many bytes as the array has.
    let taken = unsafe bytes.withUnsafeMutableBytes {
      unsafe recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_WAITALL))
    }
    return taken == count ? bytes : nil
  }
}
