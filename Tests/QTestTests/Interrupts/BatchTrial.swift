import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

/// Interrupts for a batch of requests that the device is shown at once: for the whole of it, or for its first.
struct BatchTrial: InterruptTrial {
  let features: FeatureSet
  let isSlow: Bool

  func run<T: Transport & ~Copyable>(_ watched: inout WatchedDisk<T>) throws {
    for isForWhole in [true, false] {
      let isEarly = isForWhole ? watched.disk.arm(after: 32) : watched.disk.arm()
      #expect(!isEarly)
      try watched.start(32)
      #expect(try watched.edgesUntilRaised() == [true])
      let doneAtFirst = watched.drain()
      switch (features.contains(.eventIndex) && isForWhole, isSlow) {
      case (true, _): #expect(doneAtFirst == 32)
      case (false, true): #expect(1..<32 ~= doneAtFirst)
      case (false, false): #expect(1...32 ~= doneAtFirst)
      }
      let interrupts = try interruptsUntilDone(&watched, doneAtFirst)
      if features.contains(.eventIndex) {
        #expect(interrupts == 1)
      } else {
        #expect((isSlow ? 5...32 : 1...32) ~= interrupts)
      }
      watched.disk.disarm()
      try watched.callForNothing()
    }
  }

  /// Answers each interrupt and takes the rest of the batch. The line is up at the start, and may be up again before an
  /// answer returns: the device works on meanwhile.
  ///
  /// - Returns: how often the line went up, the first time included.
  private func interruptsUntilDone<T: Transport & ~Copyable>(
    _ watched: inout WatchedDisk<T>, _ doneAtFirst: Int
  ) throws -> Int {
    var done = doneAtFirst
    var (raised, handled) = (1, 0)
    let deadline = watched.waiter.now + .seconds(10)
    while done < 32 || watched.line.isRaised, watched.waiter.now < deadline {
      if watched.line.isRaised {
        #expect(watched.handle.handleInterrupt())
        #expect(watched.disk.mailbox.take() == .usedBuffers)
        handled += 1
      } else {
        watched.waiter.wait(until: deadline)
      }
      done += watched.drain()
      raised += try watched.line.edges().count(where: \.self)
    }
    #expect(done == 32)
    #expect(handled == raised)
    return raised
  }
}
