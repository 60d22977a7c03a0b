import DevicePlatform
import QTest
import Testing
import VirtIO

extension Bench {
  /// Driver and device agree on the features, all 64 bits of them, and they are the ones that follow from wishes and
  /// offer.
  func expectAgreement(
    on features: FeatureSet, wanted: FeatureSet, ring: RingFeatures, location: SourceLocation = #_sourceLocation
  ) throws {
    let report = try report()
    var expected = report.deviceFeatures & UInt64(truncatingIfNeeded: wanted.rawValue)
    if !place.isLegacy { expected |= 1 << 32 }
    #expect(report.driverFeatures == expected, sourceLocation: location)
    #expect(features.rawValue == UInt128(expected), sourceLocation: location)
    #expect(
      features.intersection([.eventIndex, .indirectDescriptors]) == ring.features, sourceLocation: location)
    #expect(report.status == (place.isLegacy ? 7 : 15), sourceLocation: location)
  }

  /// Driver and device agree on where the queue is and how far it has come; nothing is in flight, nothing is broken.
  func expectAgreement(on state: QueueState, location: SourceLocation = #_sourceLocation) throws {
    let queue = try queue()
    #expect(queue.size == UInt64(state.size), sourceLocation: location)
    #expect(queue.descriptors == state.areas.descriptors.rawValue, sourceLocation: location)
    #expect(queue.driver == state.areas.driver.rawValue, sourceLocation: location)
    #expect(queue.device == state.areas.device.rawValue, sourceLocation: location)
    #expect(queue.lastAvailableIndex == UInt64(state.availableIndex), sourceLocation: location)
    #expect(queue.usedIndex == UInt64(state.usedIndex), sourceLocation: location)
    #expect(queue.inUseCount == 0, sourceLocation: location)
    #expect(state.inFlight == 0 && state.fault == nil, sourceLocation: location)
    #expect(state.counters.falseLengths == 0, sourceLocation: location)
    let report = try report()
    #expect(!report.isBroken, sourceLocation: location)
    #expect(report.status & 0xc0 == 0, sourceLocation: location)
  }

  /// The driver is gone: the device is reset, all memory is back, the emulator has nothing to complain of and ends.
  func expectCleanEnd(location: SourceLocation = #_sourceLocation) throws {
    #expect(try report().status == 0, sourceLocation: location)
    #expect(machine.memory.buffersInUse == 0 && machine.memory.buffersLost == 0, sourceLocation: location)
    #expect(machine.failure == nil, sourceLocation: location)
    #expect(machine.stop() == .exited(0), sourceLocation: location)
    #expect(machine.standardError == "", sourceLocation: location)
  }
}

/// Bytes that tell which sector they are from, and which disk.
func pattern(sector: UInt64, count: Int = 1, seed: UInt8 = 0x5a) -> [UInt8] {
  (0..<UInt64(count)).flatMap { index in
    (0..<512).map {
      UInt8(truncatingIfNeeded: (sector + index) &* 167 &+ UInt64($0) &* 13 &+ (sector + index) >> 8) ^ seed
    }
  }
}

extension DMABuffer {
  /// Copies bytes to the start.
  mutating func fill(with contents: ArraySlice<UInt8>) {
    for (offset, byte) in contents.enumerated() { self[offset] = byte }
  }
}
