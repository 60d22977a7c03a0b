import Testing
import VirtIO

@testable import VireoTool

@Suite struct BlockConfigurationTests {
  private func configuration(_ changes: [Int: UInt8] = [:], count: Int = 60) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    for (offset, byte) in changes { bytes[offset] = byte }
    return bytes
  }

  private func problems(
    _ changes: [Int: UInt8] = [:], bits: [Int], count: Int = 60, queueCount: UInt16 = 1
  ) -> [DeviceProblem] {
    let features = bits.reduce(into: FeatureSet.version1) { $0.insert(FeatureSet(bit: $1)) }
    return BlockConfiguration(configuration(changes, count: count), features: features).problems(queueCount: queueCount)
  }

  @Test func fields_haveTheirUnits() {
    let features: FeatureSet = [FeatureSet(bit: 6), FeatureSet(bit: 12)]
    let bytes = configuration([1: 8, 21: 16, 34: 3])
    let rows = BlockConfiguration(bytes, features: features).rows
    #expect(
      rows == [
        ConfigurationRow(name: "capacity", words: "2048 sectors of 512 bytes = 1048576 bytes"),
        ConfigurationRow(name: "blk_size", words: "4096 bytes"),
        ConfigurationRow(name: "num_queues", words: "3 request queues"),
      ])
  }

  @Test func goodDevice_hasNoProblems() {
    #expect(problems([34: 4], bits: [6, 9, 11, 12], queueCount: 4) == [])
  }

  @Test func cacheSwitchWithoutCache_breaksAClause() {
    let found = problems(bits: [11])
    #expect(found.count == 1)
    #expect(found.first?.clause == "devicenormative:Device Types / Block Device / Device Initialization")
  }

  @Test(arguments: [33, 57, 58, 59])
  func paddingThatIsNotZero_breaksAClause(offset: Int) {
    let found = problems([offset: 1], bits: [])
    #expect(found.count == 1)
    #expect(found.first?.clause == "devicenormative:Device Types / Block Device / Device Initialization")
  }

  @Test func version0_breaksAClause() {
    let found = BlockConfiguration(configuration(), features: []).problems(queueCount: 1)
    #expect(found.map(\.clause) == ["devicenormative:Reserved Feature Bits"])
  }

  @Test func queueCounts_mustAgree() {
    #expect(
      problems([34: 2], bits: [12], queueCount: 3).map(\.words) == [
        "num_queues is 2, and the back-end says that it has 3 queues"
      ])
  }

  @Test func missingField_isNamed() {
    let found = problems(bits: [16])
    #expect(found.count == 3)
    #expect(found.allSatisfy { $0.words.contains("has 60 bytes") && $0.clause != nil })
  }
}

@Suite struct InspectWordsTests {
  @Test func devicesText_isShownWithoutItsControlCharacters() {
    #expect(InspectCommand.quoted(Array("disk 1".utf8)) == "disk 1")
    #expect(InspectCommand.quoted([0x1b, 0x5b, 0x0a, 0x22, 0x5c, 0xff]) == #"\x1b[\x0a\x22\x5c\xff"#)
  }
}
