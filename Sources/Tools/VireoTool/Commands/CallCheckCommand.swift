// `vireo check calls`

import Foundation

enum CallCheckCommand {
  static let usage = "vireo check calls PROGRAM --control CONTROL [--beside NAME] PROBE..."

  /// Each probe must reach no forbidden function; the control must reach one, or the check is blind.
  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var words: [String] = []
    var control: String?
    var beside: [String] = []
    while let word = rest.next() {
      switch word {
      case "--control": control = try rest.value(of: word)
      case "--beside": beside.append(try rest.value(of: word))
      default: words.append(word)
      }
    }
    guard let program = words.first, words.count > 1, let control else { throw UsageError("usage: \(usage)") }
    guard FileManager.default.fileExists(atPath: program) else {
      throw UsageError("program '\(program)' does not exist; expected a linked program with symbols")
    }
    guard let tool = ToolchainTool.path("llvm-objdump") else {
      throw ToolError("llvm-objdump is missing; expected it beside swift or in PATH", status: 69)
    }
    let output = try Children.output(of: [tool, "-d", "--no-show-raw-insn", program])
    let graph = CallGraph(disassembly: output.text)
    let findings = CallCheck.findings(graph, probes: Array(words.dropFirst()), beside: beside)
    try findings.forEach(Terminal.print)
    if CallCheck.findings(graph, probes: [control]).allSatisfy({ !$0.contains("reaches") }) {
      throw ToolError("control \(control) was not caught: the check is blind")
    }
    Terminal.progress("\(program): \(words.count - 1) probe(s), \(findings.count) finding(s)")
    return findings.isEmpty ? 0 : 1
  }
}
