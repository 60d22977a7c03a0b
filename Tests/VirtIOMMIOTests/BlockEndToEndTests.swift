import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOMMIO
import VirtIOTestSupport

/// The block driver over MMIO against the scripted disk: every generation and ring feature, completions in any order,
/// and a device that misbehaves.
struct BlockEndToEndTests {
  /// What a device offers, and its generation.
  struct Variant: CustomTestStringConvertible, Sendable {
    var isLegacy: Bool
    var features: FeatureSet
    var testDescription: String { "\(isLegacy ? "legacy" : "modern") \(features.hexadecimal)" }
  }

  static let variants: [Variant] = [false, true].flatMap { isLegacy in
    [FeatureSet(), .indirectDescriptors, .eventIndex, [.indirectDescriptors, .eventIndex]].map {
      Variant(isLegacy: isLegacy, features: $0)
    }
  }

  private func disk(_ variant: Variant, sectors: Int = 256) -> (Bench, BlockModel) {
    let model = BlockModel(sectors: sectors)
    model.fillWithPattern()
    let bench = Bench { model.makeDevice(features: variant.features, heap: $0, isLegacy: variant.isLegacy) }
    bench.device.trace.isOn = false
    return (bench, model)
  }

  // SPEC: drivernormative:General Initialization And Device Operation / Device Initialization 2, 5
  // SPEC: drivernormative:... / MMIO Device Register Layout 1, 2, 3, 4, 5, 13
  // SPEC: drivernormative:... / MMIO-specific Initialization And Device Operation / Device Initialization 5
  // SPEC: drivernormative:... / The Virtqueue Descriptor Table / Indirect Descriptors 1
  // SPEC: drivernormative:Device Types / Block Device / Device Operation 2
  @Test(arguments: variants)
  func block_readsWritesFlushAndIdentifier_reachTheDisk(variant: Variant) throws {
    let (bench, model) = disk(variant)
    do {
      var waiter = TestWaiter()
      var block = try BlockDevice(try bench.transport(), waiter: &waiter)
      #expect(bench.device.acceptedFeatures.isSuperset(of: variant.features))
      var buffer = try bench.memory.allocate(byteCount: 1024)
      for sector in 0..<255 as Range<UInt64> {
        try block.read(sector: sector, into: &buffer, waiter: &waiter)
        #expect(buffer.array(1024) == BlockModel.pattern(sector) + BlockModel.pattern(sector + 1))
      }
      for index in 0..<1024 { buffer[index] = UInt8(truncatingIfNeeded: 3 * index) }
      let written = buffer.array(1024)
      try block.write(sector: 17, from: &buffer, waiter: &waiter)
      try block.flush(waiter: &waiter)
      let identifier = try block.identifier(waiter: &waiter)
      #expect(identifier == Array("scripted-disk".utf8))
      #expect(Array(model.storage[17 * 512..<19 * 512]) == written)
      #expect(model.storage[16 * 512..<17 * 512].elementsEqual(BlockModel.pattern(16)))
      #expect(model.storage[19 * 512..<20 * 512].elementsEqual(BlockModel.pattern(19)))
      #expect(model.flushCount == 1)
      #expect(waiter.count == 0)
    }
    #expect(bench.device.violations == [])
    #expect(bench.device.status == [])
    #expect(bench.memory.buffersInUse == 0)
    #expect(bench.heap.reservationCount == 0)
    #expect(bench.heap.violations == [])
  }

  @Test(
    arguments: variants, [ScriptedDevice.CompletionOrder.oldestFirst, .newestFirst, .random(seed: 1), .random(seed: 2)])
  func block_manyInFlight_eachGetsItsOwnData(variant: Variant, order: ScriptedDevice.CompletionOrder) throws {
    let (bench, _) = disk(variant)
    bench.device.setManual(true)
    do {
      var waiter = TestWaiter()
      var block = try BlockDevice(try bench.transport(), waiter: &waiter)
      // More rounds than the ring has entries, so that every index wraps.
      for round in 0..<8 {
        var sectors: [Int: UInt64] = [:]
        for number in 0..<block.capacity {
          let sector = UInt64((round * 31 + number) % 256)
          guard
            case .accepted(let token) = block.startRead(
              sector: sector, into: try bench.memory.allocate(byteCount: 512))
          else {
            Issue.record("refused at \(number) of \(block.capacity)")
            return
          }
          sectors[token.number] = sector
        }
        block.publish()
        #expect(bench.device.pending().count == block.capacity)
        bench.device.completeAll(order: order)
        var seen = 0
        while let completion = block.complete() {
          seen += 1
          #expect(completion.result == .done)
          let expected = sectors.removeValue(forKey: completion.token.number)
          let sector = try #require(expected)
          let data = completion.takeBuffer().array(512)
          #expect(data == BlockModel.pattern(sector))
        }
        #expect(seen == block.capacity)
      }
    }
    #expect(bench.device.violations == [])
    #expect(bench.memory.buffersInUse == 0)
  }

  @Test(arguments: variants)
  func block_failingSector_isAnErrorAndTheNextReadWorks(variant: Variant) throws {
    let (bench, model) = disk(variant)
    model.failingSectors = [9]
    var waiter = TestWaiter()
    var block = try BlockDevice(try bench.transport(), waiter: &waiter)
    var buffer = try bench.memory.allocate(byteCount: 512)
    do throws(BlockError) {
      try block.read(sector: 9, into: &buffer, waiter: &waiter)
      Issue.record("the read of a failing sector succeeded")
    } catch { #expect(error == .failed(.ioError)) }
    try block.read(sector: 10, into: &buffer, waiter: &waiter)
    #expect(buffer.array(512) == BlockModel.pattern(10))
    #expect(bench.device.violations == [])
  }

  @Test func block_ringIndexPast65535_goesOn() throws {
    let (bench, _) = disk(Variant(isLegacy: false, features: .eventIndex))
    var waiter = TestWaiter()
    var block = try BlockDevice(try bench.transport(), waiter: &waiter)
    var buffer = try bench.memory.allocate(byteCount: 512)
    for number in 0..<65_600 as Range<UInt64> {
      try block.read(sector: number % 256, into: &buffer, waiter: &waiter)
      if number % 4096 == 0 || number > 65_530 { #expect(buffer.array(512) == BlockModel.pattern(number % 256)) }
    }
    #expect(bench.device.violations == [])
    #expect(bench.device.notifications.count == 65_600)
  }
}
