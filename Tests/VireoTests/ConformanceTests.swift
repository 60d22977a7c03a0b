import Testing

@testable import VireoTool

/// Clauses, what cites them, and what cannot be cited.
struct ConformanceTests {
  private static let clauses = """
    # An area. More words.

    = drivernormative:A / Rings (3)
    1 MUST do this
    2 device
    3 MUST NOT [FEATURE_X, FEATURE_Y] do that

    = drivernormative:B / Rings (1)
    1 MUST do it there
    """
  private static let first = "drivernormative:A / Rings"

  private func conformance(_ test: String, mutant: String = "Tests: Suite\ndiff") -> Conformance {
    let file = ClauseFile(Self.clauses, at: "Documentation/Clauses/1.txt")
    #expect(file.findings == [])
    let tests = CitedTest.scan(test, at: "Tests/ModuleTests/Suite.swift")
    #expect(tests.findings == [])
    let patch = CitedMutant.scan(mutant, at: "Tests/Mutants/a.patch")
    #expect(patch.findings == [])
    return Conformance(areas: [file.area], tests: tests.tests, mutants: [patch.mutant], sources: [])
  }

  private func source(_ citations: String...) -> String {
    let comments = citations.map { "  // SPEC: \($0)\n" }.joined()
    return
      "struct Suite {\n  struct Variant {\n    var a = 1\n  }\n\n\(comments)  @Test(arguments: [1])\n  func works(a: Int) {}\n}"
  }

  private func isHeld(_ conformance: Conformance, _ label: String, _ ordinal: Int) -> Bool? {
    conformance.rows[Conformance.Key(label: label, ordinal: ordinal)]?.isHeld
  }

  @Test func citedClause_isHeldByThatTest() {
    let result = conformance(source("\(Self.first) 1"))
    #expect(result.findings == [])
    #expect(isHeld(result, Self.first, 1) == true)
    #expect(isHeld(result, "drivernormative:B / Rings", 1) == false)
    let page = ConformancePage(result)
    #expect(page.markdown.contains("| 1 MUST | do this | [Suite.works](../Tests/ModuleTests/Suite.swift) |  |"))
    #expect(page.markdown.contains("| 1 MUST | do it there | **none** |  |"))
    #expect(page.markdown.contains("- drivernormative:B / Rings 1"))
    #expect(page.words == "3 clauses, 2 without a test, 0 with a mutant")
  }

  @Test func mutant_isNamedBesideItsClause() {
    let result = conformance(
      source("\(Self.first) 1"), mutant: "Tests: Suite/works\nClause: \(Self.first) 1\ndiff --git a b")
    #expect(result.findings == [])
    #expect(result.rows[Conformance.Key(label: Self.first, ordinal: 1)]?.mutants.map(\.name) == ["a"])
  }

  /// A clause about two things is held when both are known to stay unused.
  @Test func clauseAboutUnusedThings_isHeldWhenEachHasATest() {
    let label = Self.first
    #expect(isHeld(conformance(source("not used: FEATURE_X")), label, 3) == false)
    #expect(isHeld(conformance(source("not used: FEATURE_X,\n  // FEATURE_Y")), label, 3) == true)
    #expect(isHeld(conformance(source("\(label) 3")), label, 3) == true)
  }

  @Test(arguments: [
    ("drivernormative:C / Rings 1", "unknown label 'drivernormative:C / Rings'"),
    ("drivernormative:A / Rings 4", "'drivernormative:A / Rings' has clauses 1 to 3, there is no 4"),
    ("drivernormative:A / Rings 0", "'drivernormative:A / Rings' has clauses 1 to 3, there is no 0"),
    ("drivernormative:A / Rings 1, 2", "clause 2 of 'drivernormative:A / Rings' binds devices, not drivers"),
    ("drivernormative:... / Rings 1", "2 labels end like 'drivernormative:... / Rings': write more of it"),
    ("drivernormative:... / Wheels 1", "no label ends like 'drivernormative:... / Wheels'"),
    ("not used: FEATURE_Z", "no clause is about 'FEATURE_Z'"),
  ])
  func impossibleCitation_isRefusedWithFileAndLine(citation: String, words: String) {
    #expect(
      conformance(source(citation)).findings.map(\.description) == ["Tests/ModuleTests/Suite.swift:6: \(words)"])
    let mutant = conformance(source(), mutant: "Tests: Suite\nClause: \(citation)\ndiff")
    #expect(mutant.findings.map(\.description) == ["Tests/Mutants/a.patch:2: \(words)"])
  }

  @Test func shortLabel_thatIsTheOnlyOne_isTaken() {
    #expect(isHeld(conformance(source("drivernormative:... / A / Rings 1")), Self.first, 1) == true)
  }

  @Test(arguments: [
    ("  // SPEC: drivernormative:A / Rings\n  @Test func a() {}", 1),
    ("  // SPEC: drivernormative:A / Rings 1\n  let x = 1\n  @Test func a() {}", 1),
    ("  // SPEC: drivernormative:A / Rings 1\n  struct B {}", 1),
    ("  // as SPEC: drivernormative:A / Rings 1\n  @Test func a() {}", 1),
    ("  @Test func a() {}\n  // SPEC: drivernormative:A / Rings 1\n", 2),
  ])
  func misplacedCitation_isReported(source: String, line: Int) {
    let found = CitedTest.scan(source, at: "Tests/A.swift").findings
    #expect(found.map { $0.description.hasPrefix("Tests/A.swift:\(line): ") } == [true])
  }

  /// Sections may be named in the tests' own documentation, too; that holds nothing.
  @Test func noteForReaders_isNoCitation() {
    let found = CitedTest.scan("  /// SPEC: A / Rings\n  @Test func a() {}", at: "Tests/A.swift")
    #expect(found.findings == [] && found.tests.map(\.citations.count) == [0])
  }

  @Test func mutantForNoTest_isReported() {
    let result = conformance(source(), mutant: "Tests: Suite/other\ndiff")
    #expect(result.findings.map(\.description) == ["Tests/Mutants/a.patch:1: no test is called 'Suite/other'"])
    #expect(CitedMutant.scan("diff --git a b", at: "a.patch").findings.count == 1)
    #expect(CitedMutant.scan("Tests: A\nClause: nothing\ndiff", at: "a.patch").findings.count == 1)
  }

  @Test(arguments: [
    "# A.\n= label (2)\n1 MUST a", "# A.\n= label (1)\n1 MUST a\n2 MUST b", "# A.\n= label (2)\n1 MUST a\n3 MUST b",
    "# A.\n= label\n1 MUST a", "# A.\n1 MUST a", "# A.\n= label (1)\n1 SHOULD a", "# A.\n= label (1)\n1 MUST",
    "# A.\n= label (2)\n1 MUST a\n= other (1)\n1 MUST a",
  ])
  func clauseFile_withAMistake_isReported(text: String) {
    #expect(!ClauseFile(text, at: "a.txt").findings.isEmpty)
  }

  @Test func source_labels_areFoundAcrossLinesAndUnknownOnesReported() {
    let labels: Set = ["sec:A / B", "sec:A / B / C", "drivernormative:A / B"]
    func scan(_ text: String) -> ([String], Int) {
      let found = CitingSource.scan(text, at: "Sources/a.swift", labels: labels)
      return (found.source.labels, found.findings.count)
    }
    #expect(scan("/// SPEC: A / B\nlet a = 1") == (["sec:A / B"], 0))
    #expect(scan("/// SPEC: A / B /\n/// C\nlet a = 1") == (["sec:A / B / C"], 0))
    #expect(scan("  // SPEC: drivernormative:A / B: why\n  let a = 1") == (["drivernormative:A / B"], 0))
    #expect(scan("/// SPEC: A / B\n/// and some prose") == (["sec:A / B"], 0))
    #expect(scan("/// SPEC: A / D") == ([], 1))
    #expect(scan("/// SPEC: A / Bee") == ([], 1))
  }

  /// The page of this tree is what `--check` holds against; here only that the tables can be read.
  @Test func clausesOfTheProject_areWellFormed() throws {
    let package = try PackageFolder.current()
    let (conformance, findings) = try ConformanceReportCommand.read(package)
    #expect(findings == [])
    #expect(conformance.areas.count >= 6)
    #expect(conformance.rows.count >= 158)
  }
}
