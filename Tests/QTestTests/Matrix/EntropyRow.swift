import DevicePlatform
import Foundation
import QTest
import Testing
import VirtIO
import VirtIOEntropy

/// The entropy driver against QEMU's entropy device, which is fed from a file: each byte is known.
struct EntropyRow: DriverRow {
  let description = "entropy"
  let model = "rng"
  let type = DeviceType.entropy
  // The model has eight entries and no switch for it.
  let deviceSizes: [Int] = []
  let driverSizes = [1, 2, 4, 8]
  let largestSize = 8

  /// Each device's source is read on from trial to trial: longer than all that they draw, for at its end QEMU's source
  /// would not wait but spin for ever.
  private static let bytes = {
    // By a generator (xorshift): no hundred bytes are there twice, so that a place is found by its bytes.
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    return Data(
      (0..<1 << 20).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 24)
      })
  }()

  func backing(count: Int, in place: Place) throws -> Backing {
    var backing = Backing()
    for index in 0..<count {
      backing.arguments += ["-object", "rng-random,id=source\(index),filename=\(QTestMachine.path(ofFile: index))"]
      backing.files.append(try MemoryFile(contents: Array(Self.bytes)))
      backing.properties.append(",rng=source\(index)")
    }
    return backing
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench, _ trial: MatrixTrial) throws {
    var options = EntropyOptions()
    options.features = trial.wanted
    options.queueSize = trial.wantedSize
    var waiter = bench.machine.waiter
    var source = try EntropySource(transport, options: options, waiter: &waiter)
    try bench.expectAgreement(on: source.features, wishes: options.features, trial)
    let size = trial.expectedSize(bench.place, self)
    #expect(source.queueState.size == size && source.capacity == size, bench.note)
    #expect(source.isLegacy == bench.place.isLegacy, bench.note)
    bench.machine.connection.postsWrites = true

    // Three requests, each of which has bytes that follow one another in the source.
    let first = try source.bytes(10_000, waiter: &waiter)
    var next = 0
    for request in [first[..<4096], first[4096..<8192], first[8192...]] {
      next = try #require(Self.position(of: request, from: next), bench.note) + request.count
    }
    #expect(source.queueState.usedIndex == 3, bench.note)
    try trySingles(&source, &waiter, bench, &next)
    for _ in 0..<3 { try tryFullSource(&source, &waiter, bench) }

    let buffer = try bench.machine.memory.allocate(byteCount: 64)
    let address = buffer.deviceAddress.rawValue
    guard case .accepted = source.start(into: buffer) else {
      Issue.record("refused: \(trial)")
      return
    }
    source.publish()
    let deadline = waiter.now + .seconds(10)
    while source.complete() == nil, waiter.now < deadline { waiter.wait(until: deadline) }
    try bench.expectAgreement(on: source.queueState)
    try bench.expectLast(
      [.init(address: address, byteCount: 64, deviceWrites: true)], source.queueState, trial)
    #expect(source.status.contains(.driverOK), bench.note)
  }

  /// Where the source was when it gave these bytes, at this place or later. Between two requests some may have got lost:
  /// QEMU draws what the buffers in the ring have room for when it looks at the ring behind a completion, and again at the
  /// notification that follows. None is given twice.
  private static func position(of bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    Self.bytes.range(of: Data(bytes), in: start..<Self.bytes.count)?.lowerBound
  }

  /// Without waiting: shown one by one, so that each is a request of its own.
  private func trySingles<T: Transport & ~Copyable>(
    _ source: inout EntropySource<T>, _ waiter: inout QTestWaiter, _ bench: Bench, _ next: inout Int
  ) throws {
    for _ in 0..<20 {
      guard case .accepted(let token) = source.start(into: try bench.machine.memory.allocate(byteCount: 100)) else {
        Issue.record(bench.note)
        return
      }
      source.publish()
      let deadline = waiter.now + .seconds(10)
      while source.inFlight > 0, waiter.now < deadline {
        guard let completion = source.complete() else {
          waiter.wait(until: deadline)
          continue
        }
        #expect(completion.token == token && completion.byteCount == 100, bench.note)
        let count = completion.byteCount
        let filled = completion.takeBuffer()
        next = try #require(Self.position(of: filled.array(count)[...], from: next), bench.note) + count
      }
    }
  }

  /// All slots at once; in which order the bytes are given out is the device's business.
  private func tryFullSource<T: Transport & ~Copyable>(
    _ source: inout EntropySource<T>, _ waiter: inout QTestWaiter, _ bench: Bench
  ) throws {
    var isFull = false
    for _ in 0...source.capacity {
      if case .refused(let refusal, _) = source.start(into: try bench.machine.memory.allocate(byteCount: 64)) {
        #expect(refusal == .full, bench.note)
        isFull = true
      }
    }
    #expect(isFull && source.inFlight == source.capacity, bench.note)
    source.publish()
    var count = 0
    let deadline = waiter.now + .seconds(10)
    while count < source.capacity, waiter.now < deadline {
      guard let completion = source.complete() else {
        waiter.wait(until: deadline)
        continue
      }
      #expect(completion.byteCount > 0 && completion.byteCount <= 64, bench.note)
      count += 1
    }
    #expect(count == source.capacity && source.inFlight == 0, bench.note)
  }
}
