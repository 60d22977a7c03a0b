import Testing

@testable import VireoTool

@Suite struct GoldenPatternTests {
  @Test(arguments: [
    ("# vda at {address}", "# vda at 0x0a003e00"), ("{number} Hz", "62500000 Hz"),
    ("# random {hex}", "# random 00fFa9"),
    ("took {time} s", "took 0.031 s"), ("took {time} s", "took 3 s"), ("Swift {version}.", "Swift 6.3.1."),
    ("{number}{number}", "12"), ("plain {braces}", "plain {braces}"), ("", ""),
  ])
  func matchingLine_matches(pattern: String, line: String) {
    #expect(GoldenPattern(pattern).matches(line))
  }

  @Test(arguments: [
    ("# vda at {address}", "# vda at 0a003e00"), ("# vda at {address}", "# vda at 0x"), ("{number} Hz", " Hz"),
    ("{number} Hz", "-1 Hz"), ("# random {hex}", "# random 0xff"), ("took {time} s", "took 1.2.3 s"),
    ("{number}", "12 "), ("plain", "plain "), ("plain", "Plain"), ("{hex}", "fg"),
  ])
  func otherLine_doesNotMatch(pattern: String, line: String) {
    #expect(!GoldenPattern(pattern).matches(line))
  }
}

@Suite struct GoldenLogTests {
  private let golden = """
    {firmware}
    # vireo
    # vda at {address}: 8388608 bytes
    # rng0 at {address}
    1..1
    ok 1 - entropy: draws

    """
  private let log = [
    "OpenSBI v1.1", "  ___", "# vireo", "# vda at 0x1000: 8388608 bytes", "# rng0 at 0x2000", "1..1",
    "ok 1 - entropy: draws",
  ]

  @Test func expectedLog_hasNoDifference() {
    #expect(GoldenLog(golden).difference(from: log) == nil)
    #expect(GoldenLog(golden).difference(from: Array(log.dropFirst(2))) == nil)
  }

  @Test(arguments: 2..<7)
  func removedLine_isADifference(index: Int) {
    var shorter = log
    shorter.remove(at: index)
    #expect(GoldenLog(golden).difference(from: shorter) != nil)
  }

  @Test func addedOrChangedLine_isADifference() {
    #expect(GoldenLog(golden).difference(from: log + ["more"]) != nil)
    var changed = log
    changed[3] = "# vda at 0x1000: 8388609 bytes"
    #expect(GoldenLog(golden).difference(from: changed)?.contains("line 4") == true)
    #expect(GoldenLog(golden).difference(from: []) != nil)
  }

  @Test func update_keepsPatternsThatStillMatch() {
    let changed = log + ["# tour: done"]
    let updated = GoldenLog.updated(golden, from: changed) { $0 == "# vireo" }
    #expect(updated == golden + "# tour: done\n")
    #expect(GoldenLog(updated).difference(from: changed) == nil)
  }

  @Test func firmwareElsewhere_isLiteral() {
    #expect(GoldenLog("a\n{firmware}\nb\n").difference(from: ["a", "x", "b"]) != nil)
  }
}

@Suite struct GoldenDraftTests {
  @Test(arguments: [
    ("# ram 0x40000000 to 0x50000000", "# ram {address} to {address}"),
    ("# vda at 0xa000000: 8388608 bytes, crc32 0badcafe", "# vda at {address}: 8388608 bytes, crc32 0badcafe"),
    ("# clock: 62500000 Hz, said by the processor", "# clock: {number} Hz, said by the processor"),
    ("# vda features 0x130000000", "# vda features 0x130000000"), ("# took 0.03 s", "# took {time} s"),
    ("# pages: 252706816 bytes free in 2 ranges", "# pages: {number} bytes free in 2 ranges"),
    ("# random 00112233445566778899aabbccddeeff", "# random {hex}"), ("ok 1 - block: reads", "ok 1 - block: reads"),
  ])
  func newLine_hasFieldsForWhatVaries(line: String, pattern: String) {
    #expect(GoldenDraft.pattern(for: line) == pattern)
    #expect(GoldenPattern(pattern).matches(line))
  }
}
