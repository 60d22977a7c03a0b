import DevicePlatform
import QTest
import Testing
import VirtIO

extension Bench {
  /// Driver and device agree on the features, all 64 bits of them, and they are the ones that follow from wishes and
  /// offer.
  ///
  /// - Parameter wishes: all that the driver wanted, of the ring and of the device.
  func expectAgreement(
    on features: FeatureSet, wishes: FeatureSet, _ trial: MatrixTrial, location: SourceLocation = #_sourceLocation
  ) throws {
    let report = try report()
    var expected = report.deviceFeatures & UInt64(truncatingIfNeeded: wishes.rawValue)
    // Bring-up adds VERSION_1, or ANY_LAYOUT where a legacy device offers it.
    expected |= place.isLegacy ? report.deviceFeatures & 1 << 27 : 1 << 32
    #expect(report.driverFeatures == expected, note, sourceLocation: location)
    #expect(features.rawValue == UInt128(expected), note, sourceLocation: location)
    let ring = MatrixTable.features.reduce(into: FeatureSet()) { $0.formUnion($1.bit) }.union(
      trial.offer.format.features)
    #expect(features.intersection(ring) == trial.expected, note, sourceLocation: location)
    #expect(report.status == (place.isLegacy ? 7 : 15), note, sourceLocation: location)
  }

  /// Driver and device agree on where the queue is and how far it has come; nothing is broken.
  ///
  /// - Parameter unseen: requests that the device has not looked at, as buffers for what may still come in; no others
  ///   are in flight.
  /// - Parameter falseLengths: how often the device says that it wrote what it can only have read.
  func expectAgreement(
    on state: QueueState, unseen: Int = 0, falseLengths: Int = 0, location: SourceLocation = #_sourceLocation
  ) throws {
    let queue = try queue(state.index)
    #expect(queue.size == UInt64(state.size), note, sourceLocation: location)
    #expect(queue.descriptors == state.areas.descriptors.rawValue, note, sourceLocation: location)
    #expect(queue.driver == state.areas.driver.rawValue, note, sourceLocation: location)
    #expect(queue.device == state.areas.device.rawValue, note, sourceLocation: location)
    let seen = state.availableIndex &- UInt16(unseen)
    #expect(queue.lastAvailableIndex == UInt64(seen), note, sourceLocation: location)
    #expect(queue.usedIndex == UInt64(state.usedIndex), note, sourceLocation: location)
    #expect(queue.inUseCount == 0, note, sourceLocation: location)
    #expect(state.inFlight == unseen && state.fault == nil, note, sourceLocation: location)
    #expect(state.counters.falseLengths == falseLengths, note, sourceLocation: location)
    let report = try report()
    #expect(!report.isBroken, note, sourceLocation: location)
    #expect(report.status & 0xc0 == 0, note, sourceLocation: location)
  }

  /// The device finds the last request in memory as the driver meant it, and the indices that both count.
  ///
  /// - Parameter segments: the request's; an address of 0 is one that the driver keeps to itself.
  func expectLast(
    _ segments: [VirtIOElementReport.Segment], _ state: QueueState, _ trial: MatrixTrial,
    location: SourceLocation = #_sourceLocation
  ) throws {
    try machine.connection.synchronize()
    let element = try machine.monitor.queueElement(
      path, queue: Int(state.index), position: state.availableIndex &- 1)
    #expect(element.segments.count == segments.count, note, sourceLocation: location)
    for (found, expected) in zip(element.segments, segments) {
      #expect(expected.address == 0 || found.address == expected.address, note, sourceLocation: location)
      #expect(found.byteCount == expected.byteCount, note, sourceLocation: location)
      #expect(found.deviceWrites == expected.deviceWrites, note, sourceLocation: location)
    }
    #expect(element.availableIndex == UInt64(state.availableIndex), note, sourceLocation: location)
    #expect(element.usedIndex == UInt64(state.usedIndex), note, sourceLocation: location)
    #expect(element.head < UInt64(state.size), note, sourceLocation: location)
    // Interrupts are not asked for: by the flag, or with EVENT_IDX by position, which leaves the flag 0.
    let flag: UInt64 = trial.expected.contains(.eventIndex) ? 0 : 1
    #expect(element.availableFlags == flag, note, sourceLocation: location)
  }

  /// The driver is gone: the device is reset, all memory is back, the emulator has nothing to complain of and ends.
  func expectCleanEnd(location: SourceLocation = #_sourceLocation) throws {
    #expect(try report().status == 0, sourceLocation: location)
    try expectCleanEndOfMachine(location: location)
  }

  /// The same of the machine alone, where the device is gone.
  func expectCleanEndOfMachine(location: SourceLocation = #_sourceLocation) throws {
    #expect(machine.memory.buffersInUse == 0 && machine.memory.buffersLost == 0, sourceLocation: location)
    #expect(machine.failure == nil, sourceLocation: location)
    #expect(machine.stop() == .exited(0), sourceLocation: location)
    #expect(machine.standardError == "", sourceLocation: location)
  }
}

/// Bytes that tell which sector they are from, and which disk: the first half of a sector has the low eight bits of its
/// number in it, the second one the next eight.
func pattern(sector: UInt64, count: Int = 1, seed: UInt8 = 0x5a) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: 512 * count)
  // Millions of bytes are made so and never optimised: without closures and iterators.
  var position = 0
  while position < bytes.count {
    let number = sector + UInt64(position / 512)
    let upper = position & 256 == 0 ? 0 : UInt8(truncatingIfNeeded: number >> 8)
    var byte = UInt8(truncatingIfNeeded: number &* 167) &+ upper
    let end = position + 256
    while position < end {
      bytes[position] = byte ^ seed
      byte &+= 13
      position += 1
    }
  }
  return bytes
}

/// The bytes of a disk of 2048 sectors, and the same disk's sectors one by one.
enum PatternDisk {
  static let sectorCount: UInt64 = 2048
  static let bytes = pattern(sector: 0, count: Int(sectorCount))

  static func file() throws -> MemoryFile { try MemoryFile(contents: bytes) }

  static func sector(_ sector: UInt64) -> ArraySlice<UInt8> { bytes[Int(sector) * 512..<(Int(sector) + 1) * 512] }
}

extension DMABuffer {
  /// Copies bytes to the start.
  mutating func fill(with contents: ArraySlice<UInt8>) {
    // Bytes have no padding between them.
    unsafe copyBytes(from: contents.span.bytes)
  }
}
