import DeviceTraits
import Testing

@testable import Randomness

/// A source of plain bytes, which counts what was asked of it.
private final class Counting: EntropySource {
  var state: UInt64
  var isDead = false
  var isStuck = false
  private(set) var given = 0

  init(_ seed: UInt64) { state = seed }

  func fill(_ destination: inout MutableSpan<UInt8>) throws(EntropyFailure) {
    if isDead { throw EntropyFailure("dead") }
    given += destination.count
    for index in destination.indices {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      destination[index] = isStuck ? 7 : UInt8(truncatingIfNeeded: state >> 33)
    }
  }
}

struct MachineEntropyTests {
  private func draw(_ source: any EntropySource, _ count: Int) throws(EntropyFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    try source.fill(&span)
    return bytes
  }

  @Test func devices_feedThePoolAndAreLeftAlone() throws {
    let entropy = MachineEntropy()
    let devices = [Counting(1), Counting(2)]
    for device in devices { #expect(entropy.add(device, bitsPerByte: 8)) }
    let one = try draw(entropy, 32)
    #expect(try draw(entropy, 32) != one)
    #expect(entropy.seedCount >= 1)
    let given = devices.map { $0.given }
    _ = try draw(entropy, 100_000)
    #expect(devices.map { $0.given } == given)
    #expect(given.allSatisfy { $0 > 0 })
  }

  @Test func nobodyThere_givesNothing() {
    #expect(throws: EntropyFailure.self) { try draw(MachineEntropy(), 1) }
  }

  @Test func failedAndStuckDevices_areLeftOut() throws {
    let entropy = MachineEntropy()
    let (dead, stuck, good) = (Counting(1), Counting(2), Counting(3))
    dead.isDead = true
    stuck.isStuck = true
    for device in [dead, stuck, good] { #expect(entropy.add(device, bitsPerByte: 8)) }
    #expect(try draw(entropy, 16) != [UInt8](repeating: 0, count: 16))
    #expect(entropy.failure(ofSource: 0) == EntropyFailure("dead"))
    guard case .failed = entropy.health(ofSource: 1) else {
      Issue.record("\(entropy.health(ofSource: 1))")
      return
    }
    #expect(entropy.health(ofSource: 2) == .good)
  }

  @Test func onlyBadDevices_giveNothing() {
    let entropy = MachineEntropy()
    let stuck = Counting(2)
    stuck.isStuck = true
    #expect(entropy.add(stuck, bitsPerByte: 8))
    #expect(throws: EntropyFailure.self) { try draw(entropy, 16) }
  }

  @Test func tooManyDevices_areRefused() {
    let entropy = MachineEntropy()
    for _ in 0..<EntropyPool.maximumSourceCount { #expect(entropy.add(Counting(1), bitsPerByte: 8)) }
    #expect(!entropy.add(Counting(1), bitsPerByte: 8))
  }
}
