import Foundation
import Testing

/// The table of lies names tests and mutants that are there.
struct LiesTableTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// A row: its number, and the names in its last cell.
  struct Row {
    var number: Int
    var tests: [String]
    var mutants: [String]
    var hasDriver: Bool
  }

  private static func rows(_ page: String) -> [Row] {
    page.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      guard cells.count == 5, let number = Int(cells[1].trimmingCharacters(in: .whitespaces)) else { return nil }
      let parts = cells[3].components(separatedBy: "; mutant")
      func names(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset & 1 == 1 }
          .map { String($0.element) }
      }
      return Row(
        number: number, tests: names(parts[0]), mutants: parts.count > 1 ? names(parts[1]) : [],
        hasDriver: !cells[3].contains("no driver yet"))
    }
  }

  /// What is wrong with a page.
  private static func faults(_ page: String, tests: Set<String>, mutants: Set<String>) -> [String] {
    let rows = rows(page)
    var faults: [String] = []
    if rows.map(\.number) != Array(1...23) { faults.append("rows \(rows.map(\.number)), expected 1 to 23") }
    for row in rows {
      if row.tests.isEmpty == row.hasDriver { faults.append("row \(row.number) names \(row.tests.count) tests") }
      faults += row.tests.filter { !tests.contains($0) }.map { "row \(row.number): no test \($0)" }
      faults += row.mutants.filter { !mutants.contains($0) }.map { "row \(row.number): no mutant \($0)" }
    }
    return faults
  }

  /// Functions of all test sources that have `@Test` on their line, or above it with nothing but arguments between.
  private static func namesOfTests() throws -> Set<String> {
    let root = folder.deletingLastPathComponent()
    var names: Set<String> = []
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      var isTest = false
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        if line.contains("@Test") { isTest = true }
        guard isTest, let range = line.range(of: "func ") else { continue }
        names.insert(String(line[range.upperBound...].prefix { $0 != "(" }))
        isTest = false
      }
    }
    return names
  }

  private static func namesOfMutants() throws -> Set<String> {
    let patches = folder.deletingLastPathComponent().appendingPathComponent("Mutants")
    return Set(
      try FileManager.default.contentsOfDirectory(at: patches, includingPropertiesForKeys: nil)
        .map { $0.deletingPathExtension().lastPathComponent })
  }

  @Test func everyRow_namesTestsThatExist() throws {
    let page = try String(contentsOf: Self.folder.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(Self.faults(page, tests: try Self.namesOfTests(), mutants: try Self.namesOfMutants()) == [])
  }

  @Test func control_namesThatAreGone_andRowsThatAreMissing_areSeen() throws {
    let page = try String(contentsOf: Self.folder.appendingPathComponent("README.md"), encoding: .utf8)
    let (tests, mutants) = (try Self.namesOfTests(), try Self.namesOfMutants())
    func faults(_ page: String) -> Int { Self.faults(page, tests: tests, mutants: mutants).count }
    #expect(faults(page.replacingOccurrences(of: "`flippedBytes_neverTrap`", with: "`flippedBytes`")) == 1)
    #expect(faults(page.replacingOccurrences(of: "`replay-believed`", with: "`replay`")) == 1)
    #expect(faults(page.replacingOccurrences(of: "| 20 | input", with: "| 21 | input")) == 1)
    let undriven = page.split(separator: "\n").filter { $0.contains("no driver yet") }.count
    #expect(undriven > 0 && faults(page.replacingOccurrences(of: "no driver yet", with: "")) == undriven)
  }
}
