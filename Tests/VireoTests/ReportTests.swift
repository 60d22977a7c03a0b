import Testing

@testable import VireoTool

private let goodLog = [
  "OpenSBI v1.1", "# vireo", "1..3", "ok 1 - block: reads", "ok 2 - block: writes", "ok 3 - entropy: draws",
  "# tour: done",
]

@Suite struct TestReportTests {
  @Test func completeReport_hasNoFailures() {
    let report = TestReport(lines: goodLog)
    #expect(report.failures.isEmpty)
    #expect(report.points.map(\.topic) == ["block", "block", "entropy"])
    #expect(report.lines.first == "# vireo")
  }

  @Test(arguments: [2, 3, 4, 5])
  func missingLine_isAFailure(index: Int) {
    var log = goodLog
    log.remove(at: index)
    #expect(!TestReport(lines: log).failures.isEmpty)
  }

  @Test func failedPoint_isAFailure() {
    var log = goodLog
    log[4] = "not ok 2 - block: writes"
    #expect(TestReport(lines: log).failures == ["not ok 2 - block: writes"])
  }

  @Test func exception_isAFailure() {
    let line = "# exception: breakpoint, pc 0x40201e30, fault address 0x0"
    #expect(TestReport(lines: goodLog + [line]).failures.count == 1)
    #expect(Symboliser.programCounter(in: line) == "0x40201e30")
  }

  @Test func bailOut_isAFailure() {
    #expect(TestReport(lines: goodLog + ["Bail out! no clock"]).failures == ["Bail out! no clock"])
  }

  @Test func twoPlans_areAFailure() {
    #expect(!TestReport(lines: goodLog + ["1..3"]).failures.isEmpty)
  }

  @Test func shellResult_isNoTestPoint() {
    #expect(TestPoint("ok") == nil)
    #expect(TestPoint("ok 1") == nil)
    #expect(TestPoint("ok one - block: reads") == nil)
  }
}

@Suite struct VerdictTests {
  private func failures(
    _ end: Verdict.End, lines: [String] = goodLog, on architecture: Architecture = .aarch64, finished: Bool = true
  ) -> [String] {
    Verdict(architecture: architecture, lines: lines, end: end, isScriptFinished: finished).failures
  }

  @Test func successfulEnd_passes() {
    #expect(failures(.exited(0)).isEmpty)
    #expect(failures(.exited(0), on: .riscv64).isEmpty)
    #expect(failures(.exited(33), on: .x86).isEmpty)
  }

  @Test(arguments: [0, 1, 35, 134, 137])
  func anotherStatusOnX86_fails(status: Int32) {
    #expect(!failures(.exited(status), on: .x86).isEmpty)
  }

  @Test func otherEnds_fail() {
    #expect(!failures(.exited(1)).isEmpty)
    #expect(failures(.deadline(seconds: 7)).contains { $0.contains("7 s") })
    #expect(!failures(.outputClosed).isEmpty)
    #expect(!failures(.exited(0), finished: false).isEmpty)
    #expect(!failures(.exited(0), lines: []).isEmpty)
  }

  @Test func failedCommand_fails() {
    let session = ["vireo> ok", "vireo> error: no device 'vdx'", "vireo> ok"]
    #expect(failures(.exited(0), lines: goodLog + session) == ["a shell command failed: error: no device 'vdx'"])
    #expect(failures(.exited(0), lines: goodLog + ["vireo> 00 11", "ok"]).isEmpty)
  }
}

@Suite struct SupportTableTests {
  private func table(_ log: [String]) -> String {
    SupportTable([(Combination(.aarch64, .virt, .mmio), TestReport(lines: log))]).markdown
  }

  @Test func passedTopic_hasATick() {
    #expect(table(goodLog).contains("| block | ✓ |"))
    #expect(table(goodLog).contains("| entropy | ✓ |"))
  }

  @Test func deletedTest_removesItsTick() {
    let other = (Combination(.x86, .q35, .pci), TestReport(lines: goodLog))
    let without = TestReport(lines: ["1..2", "ok 1 - block: reads", "ok 2 - block: writes"])
    let markdown = SupportTable([(Combination(.aarch64, .virt, .mmio), without), other]).markdown
    #expect(markdown.contains("| entropy | – | ✓ |"))
    #expect(!table(["1..1", "ok 1 - block: reads"]).contains("entropy"))
  }

  @Test func failedOrUnreachedPoint_removesTheTick() {
    var log = goodLog
    log[4] = "not ok 2 - block: writes"
    #expect(table(log).contains("| block | – |"))
    #expect(table(Array(goodLog.dropLast(2))).contains("| block | – |"))
  }

  @Test func page_keepsItsTextAndMarkers() throws {
    let page = "# Title\n<!-- support:begin -->\nold\n<!-- support:end -->\nend\n"
    let report = SupportTable([(Combination(.aarch64, .virt, .mmio), TestReport(lines: goodLog))])
    let updated = try report.insert(into: page)
    #expect(updated.hasPrefix("# Title\n<!-- support:begin -->\n| |"))
    #expect(updated.hasSuffix("<!-- support:end -->\nend\n"))
    #expect(try report.insert(into: updated) == updated)
    #expect(throws: UsageError.self) { try report.insert(into: "no markers") }
  }
}

@Suite struct CRC32Tests {
  @Test func checkValue_isTheStandardOne() {
    #expect(CRC32.text("123456789".utf8) == "cbf43926")
    #expect(CRC32.text([]) == "00000000")
    #expect(CRC32.text([UInt8](repeating: 0, count: 512)) == "b2aa7578")
  }
}
