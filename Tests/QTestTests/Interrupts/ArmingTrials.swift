import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

/// `arm` is one interrupt, no `arm` is none.
struct ArmingTrial: InterruptTrial {
  let features: FeatureSet

  func run<T: Transport & ~Copyable>(_ watched: inout WatchedDisk<T>) throws {
    // Not asked for: completions come, the line stays down.
    for _ in 0..<3 {
      try watched.start(1)
      #expect(try watched.finish(1) == 1)
    }
    #expect(try watched.line.edges() == [])
    try watched.callForNothing()
    try watched.callForNothing()

    // Asked for: up once, and up it stays until it is acknowledged.
    for _ in 0..<3 {
      let isEarly = watched.disk.arm()
      #expect(!isEarly)
      try watched.start(1)
      #expect(try watched.edgesUntilRaised() == [true])
      #expect(watched.drain() == 1)
      try watched.start(1)
      #expect(try watched.finish(1) == 1)
      #expect(try watched.line.edges() == [])
      try watched.acknowledge(.usedBuffers)
      try watched.callForNothing()
      watched.disk.disarm()
    }

    // Asked for once: with EVENT_IDX that is for one interrupt, without for all until `disarm`.
    let isEarly = watched.disk.arm()
    #expect(!isEarly)
    for round in 0..<3 {
      try watched.start(1)
      #expect(try watched.finish(1) == 1)
      let isDue = round == 0 || features.isEmpty
      #expect(try watched.line.edges() == (isDue ? [true] : []))
      if isDue { try watched.acknowledge(.usedBuffers) }
    }
    watched.disk.disarm()
    try watched.start(1)
    #expect(try watched.finish(1) == 1)
    #expect(try watched.line.edges() == [])
    try tryTooLate(&watched)
  }

  /// Asked for when it is there: no edge, and the driver is told so.
  private func tryTooLate<T: Transport & ~Copyable>(_ watched: inout WatchedDisk<T>) throws {
    let next = UInt64(watched.disk.queueState.usedIndex) + 1
    try watched.start(1)
    let deadline = watched.waiter.now + .seconds(10)
    var isReady = false
    // The device's own account, for looking with `arm` would ask for the interrupt.
    while !isReady, watched.waiter.now < deadline { isReady = try watched.bench.queue().usedIndex == next }
    #expect(isReady)
    let isThere = watched.disk.arm()
    #expect(isThere)
    #expect(try watched.line.edges() == [])
    watched.disk.disarm()
    #expect(watched.drain() == 1)
    try watched.callForNothing()
  }
}

/// QEMU's own `idx` case: no interrupt for the first request, one for the next two.
struct CoalescingTrial: InterruptTrial {
  let features: FeatureSet

  func run<T: Transport & ~Copyable>(_ watched: inout WatchedDisk<T>) throws {
    for _ in 0..<3 {
      let isEarly = watched.disk.arm(after: 2)
      #expect(!isEarly)
      try watched.start(1)
      if features.isEmpty {
        // A device without EVENT_IDX cannot be asked for the second: it tells of the first.
        #expect(try watched.edgesUntilRaised() == [true])
        #expect(watched.drain() == 1)
        try watched.acknowledge(.usedBuffers)
        watched.disk.disarm()
        try watched.start(2)
        #expect(try watched.finish(2) == 2)
        #expect(try watched.line.edges() == [])
      } else {
        #expect(try watched.finish(1) == 1)
        #expect(try watched.line.edges() == [])
        try watched.start(2)
        #expect(try watched.edgesUntilRaised() == [true])
        try watched.acknowledge(.usedBuffers)
        #expect(try watched.finish(2) == 2)
        #expect(try watched.line.edges() == [])
      }
      try watched.callForNothing()
    }
  }
}
