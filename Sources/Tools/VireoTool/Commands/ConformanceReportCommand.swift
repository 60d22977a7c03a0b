// `vireo report conformance`

import Foundation

enum ConformanceReportCommand {
  static let usage = "vireo report conformance [--check]"

  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var isCheck = false
    while let option = rest.next() {
      guard option == "--check" else { throw rest.unknown(option) }
      isCheck = true
    }
    let package = try PackageFolder.current()
    let (conformance, findings) = try read(package)
    if !findings.isEmpty {
      findings.forEach { Terminal.progress($0.description) }
      throw ToolError("\(findings.count) citation(s) of clauses that cannot be")
    }
    let page = ConformancePage(conformance)
    let url = package.root.appendingPathComponent("Documentation/Conformance.md")
    Terminal.progress(page.words)
    guard (try? String(contentsOf: url, encoding: .utf8)) != page.markdown else { return 0 }
    if isCheck { throw ToolError("Documentation/Conformance.md is stale; run 'vireo report conformance'") }
    try Data(page.markdown.utf8).write(to: url)
    Terminal.progress("Documentation/Conformance.md is new")
    return 0
  }

  /// Everything that cites, and what is wrong with it.
  static func read(_ package: PackageFolder) throws -> (conformance: Conformance, findings: [ConformanceFinding]) {
    var findings: [ConformanceFinding] = []
    var areas: [ClauseArea] = []
    var labels: Set<String> = []
    for (path, text) in try files(package, in: "Documentation/Clauses", suffix: ".txt") {
      if path.hasSuffix("/labels.txt") {
        labels.formUnion(text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init))
        continue
      }
      let file = ClauseFile(text, at: path)
      areas.append(file.area)
      findings += file.findings
    }
    var tests: [CitedTest] = []
    for (path, text) in try files(package, in: "Tests", suffix: ".swift") where !path.contains("/VireoTests/") {
      let found = CitedTest.scan(text, at: path)
      tests += found.tests
      findings += found.findings + CitingSource.scan(text, at: path, labels: labels, prefix: "///").findings
    }
    let mutants = try files(package, in: "Tests/Mutants", suffix: ".patch").map { path, text in
      let found = CitedMutant.scan(text, at: path)
      findings += found.findings
      return found.mutant
    }
    let sources = try files(package, in: "Sources", suffix: ".swift").filter {
      !$0.path.hasPrefix("Sources/Tools/")
    }.map { path, text in
      let found = CitingSource.scan(text, at: path, labels: labels)
      findings += found.findings
      return found.source
    }
    let conformance = Conformance(areas: areas, tests: tests, mutants: mutants, sources: sources)
    return (conformance, findings + conformance.findings)
  }

  private static func files(
    _ package: PackageFolder, in folder: String, suffix: String
  ) throws -> [(path: String, text: String)] {
    let root = package.root.appendingPathComponent(folder)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(suffix) }.sorted().map {
      ("\(folder)/\($0)", try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8))
    }
  }
}
