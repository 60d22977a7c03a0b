// `vireo report support`

import Foundation

enum SupportReportCommand {
  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: "vireo report support [--check]")
    var isCheck = false
    while let option = rest.next() {
      guard option == "--check" else { throw rest.unknown(option) }
      isCheck = true
    }
    let package = try PackageFolder.current()
    let reports = try Combination.all.map { combination in
      let url = package.runFolder(combination).appendingPathComponent("report.tap")
      guard let text = try? String(contentsOf: url, encoding: .utf8) else {
        throw UsageError("'\(url.path)' is missing; run 'vireo guest test' first")
      }
      return (combination, TestReport(lines: text.split(separator: "\n").map(String.init)))
    }
    let readme = package.root.appendingPathComponent("README.md")
    guard let page = try? String(contentsOf: readme, encoding: .utf8) else {
      throw UsageError("'\(readme.path)' cannot be read")
    }
    let updated = try SupportTable(reports).insert(into: page)
    guard updated != page else { return 0 }
    if isCheck {
      throw ToolError("the table in README.md is not what the runs say; run 'vireo report support'")
    }
    try Data(updated.utf8).write(to: readme)
    Terminal.progress("README.md has a new table")
    return 0
  }
}
