import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOBlock

/// A disk that grows and shrinks while it is in use.
struct ResizeTrial: InterruptTrial {
  let features: FeatureSet = .eventIndex
  /// QEMU says both with every change of the configuration; a driver that looks for nothing used loses nothing.
  private let change: DeviceEvents = [.usedBuffers, .configurationChanged]

  func run<T: Transport & ~Copyable>(_ watched: inout WatchedDisk<T>) throws {
    #expect(watched.disk.geometry.sectorCount == UInt64(Bench.sectorCount))
    for sectors in [128, 4096, 64] as [UInt64] {
      try watched.bench.resize(sectors: sectors)
      #expect(try watched.line.edges() == [true])
      try watched.acknowledge(change)
      let isChanged = try watched.disk.refreshGeometry()
      #expect(isChanged && watched.disk.geometry.sectorCount == sectors)
      try watched.callForNothing()
    }

    // Two reasons, one edge, one call.
    let isEarly = watched.disk.arm()
    #expect(!isEarly)
    try watched.start(1)
    #expect(try watched.edgesUntilRaised() == [true])
    try watched.bench.resize(sectors: 100)
    #expect(try watched.line.edges() == [])
    try watched.acknowledge(change)
    #expect(watched.drain() == 1)
    let isChanged = try watched.disk.refreshGeometry()
    #expect(isChanged && watched.disk.geometry.sectorCount == 100)
    try watched.callForNothing()
  }
}

/// A reset takes the line down with it.
struct ResetTrial: InterruptTrial {
  let features: FeatureSet = .eventIndex

  func run<T: Transport & ~Copyable>(_ watched: inout WatchedDisk<T>) throws {
    let isEarly = watched.disk.arm()
    #expect(!isEarly)
    try watched.start(1)
    #expect(try watched.edgesUntilRaised() == [true])
    try watched.disk.shutDown(waiter: &watched.waiter)
    #expect(try watched.line.edges() == [false])
    #expect(!watched.line.isRaised)
    #expect(watched.drain() == 1)
    try watched.callForNothing()
    // A device that is not in use has nothing to tell.
    try watched.bench.resize(sectors: 128)
    #expect(try watched.line.edges() == [])
    try watched.callForNothing()
    let isReady = watched.disk.arm()
    #expect(!isReady)
  }
}

extension Bench {
  /// Changes the disk's size from outside; the device has told of it when this returns.
  fileprivate func resize(sectors: UInt64) throws {
    try machine.monitor.execute(
      "block_resize", ["device": .string("d0"), "size": .integer(Int64(sectors) * 512)])
  }
}
