import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// The checker checked: the scripted device finds nothing wrong with a good driver, and each broken rule by name.
struct ViolationTests {
  /// One rule, broken.
  struct Case: CustomTestStringConvertible, Sendable {
    var expected: String
    var stage: RoughDriver.Stage
    var isLegacy = false
    var features: FeatureSet = [.indirectDescriptors]
    var breakRule: @Sendable (RoughDriver) throws -> Void
    var testDescription: String { expected }

    init(
      _ expected: String, at stage: RoughDriver.Stage, isLegacy: Bool = false,
      features: FeatureSet = [.indirectDescriptors], _ breakRule: @escaping @Sendable (RoughDriver) throws -> Void
    ) {
      self.expected = expected
      self.stage = stage
      self.isLegacy = isLegacy
      self.features = features
      self.breakRule = breakRule
    }
  }

  @Test(arguments: [false, true])
  func goodDriver_breaksNothing(isLegacy: Bool) throws {
    let driver = try RoughDriver(isLegacy: isLegacy, to: .live)
    driver.device.setHandler(queue: 0) { request, _ in ScriptedReply(bytes: Array(request.readable.reversed())) }
    for index in 0..<16 { driver.data[index] = UInt8(index) }
    driver.publishGoodChain()
    #expect(driver.device.violations == [])
    #expect(driver.data.array(32)[16..<32].elementsEqual((0..<16).reversed()))
    // Used: index 1, element (0, 16).
    #expect(Array(driver.ring.array(0x100c)[0x1000...]) == [0, 0, 1, 0, 0, 0, 0, 0, 16, 0, 0, 0])
    #expect(driver.load(0x60) == 1)
    driver.store(0x64, 1)
    #expect(driver.load(0x60) == 0)
    #expect(driver.device.violations == [])
  }

  @Test func goodDriver_indirectChain_breaksNothing() throws {
    let driver = try RoughDriver(to: .live)
    driver.tableEntry(0, driver.dataAddress, 16, 1, next: 2)
    driver.tableEntry(2, driver.dataAddress + 16, 16, 2)
    driver.descriptor(5, driver.tableAddress, 48, 4)
    driver.device.setManual(true)
    driver.publish(5)
    let request = try #require(driver.device.pending().first)
    #expect(request.isIndirect && request.head == 5)
    #expect(request.readable.count == 16 && request.writableByteCount == 16)
    driver.device.complete()
    #expect(driver.device.violations == [])
  }

  @Test(arguments: statusCases + featureCases + registerCases)
  func bringUp_brokenRule_isRecorded(test: Case) throws { try run(test) }

  @Test(arguments: queueCases + legacyCases)
  func queueSetUp_brokenRule_isRecorded(test: Case) throws { try run(test) }

  @Test(arguments: notificationCases + ringCases + chainCases)
  func rings_brokenRule_isRecorded(test: Case) throws { try run(test) }

  private func run(_ test: Case) throws {
    let driver = try RoughDriver(isLegacy: test.isLegacy, features: test.features, to: test.stage)
    #expect(driver.device.violations == [], "the driver kept the rules so far")
    try test.breakRule(driver)
    #expect(driver.device.violations.contains { $0.contains(test.expected) }, "\(driver.device.violations)")
  }
}
