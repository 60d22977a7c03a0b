// The commands of the host tool.

import Foundation

/// `vireo` as a whole.
package enum VireoCommand {
  static let usage = """
    \(GuestRunOptions.usage)
    vireo guest build [--strict]                    builds the kernel for all architectures
    \(GuestTestCommand.usage)   boots, golden logs and disks
    \(GuestBenchCommand.usage)    figures that a guest counts
    vireo check tree                                layout, unsafe code, imports and links
    \(CallCheckCommand.usage)
                                                    probes of the data path reach no allocation, no reference counting
    \(InspectCommand.usage)
                                                    what a device behind vhost-user is and offers
    \(BlockBenchCommand.usage)
                                                    requests per second and latencies of its reads
    \(BlockReadCommand.usage)
    \(BlockWriteCommand.usage)
                                                    a disk's bytes, from standard input or to standard output
    vireo report support [--check]                  the table in README.md of what runs where
    \(ConformanceReportCommand.usage)              the page of clauses and the tests that hold them
    """

  /// Runs a command.
  ///
  /// - Returns: the exit status: 0, 1 if something failed, 2 for a mistake in the command line, 69 if a program is
  ///   missing.
  package static func run(_ arguments: [String]) -> Int32 {
    let signals = Children.endOnSignals()
    defer { signals.forEach { $0.cancel() } }
    defer { TraceFile.finish() }
    do {
      defer { Children.letSignalsEnd() }
      return try perform(arguments)
    } catch let error as UsageError {
      Terminal.progress(error.description)
      return 2
    } catch let error as ToolError {
      Terminal.progress(error.description)
      return error.status
    } catch {
      Terminal.progress("\(error)")
      return 1
    }
  }

  private static func perform(_ arguments: [String]) throws -> Int32 {
    let rest = Array(arguments.dropFirst(2))
    switch Array(arguments.prefix(2)) {
    case ["guest", "run"]: return try GuestRunCommand.perform(rest)
    case ["guest", "test"]: return try GuestTestCommand.perform(rest)
    case ["guest", "bench"]: return try GuestBenchCommand.perform(rest)
    case ["guest", "build"]: return try GuestBuildCommand.perform(rest)
    case ["check", "tree"]: return try checkTree(rest)
    case ["check", "calls"]: return try CallCheckCommand.perform(rest)
    case ["bench", "blk"]: return try BlockBenchCommand.perform(rest)
    case ["blk", "read"]: return try BlockReadCommand.perform(rest)
    case ["blk", "write"]: return try BlockWriteCommand.perform(rest)
    case let words where words.first == "inspect": return try InspectCommand.perform(Array(arguments.dropFirst()))
    case ["report", "support"]: return try SupportReportCommand.perform(rest)
    case ["report", "conformance"]: return try ConformanceReportCommand.perform(rest)
    case ["help"], ["--help"], ["-h"]:
      try Terminal.print(usage)
      return 0
    default: throw UsageError("unknown command '\(arguments.joined(separator: " "))'\nusage:\n\(usage)")
    }
  }

  private static func checkTree(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: "vireo check tree")
    if let word = rest.next() { throw rest.unknown(word) }
    let package = try PackageFolder.current()
    let isFormatted = try TreeCheck.isFormatted(package)
    let findings = try TreeCheck.findings(in: package)
    try findings.forEach(Terminal.print)
    Terminal.progress("\(findings.count) finding(s); layout \(isFormatted ? "is fine" : "differs")")
    return findings.isEmpty && isFormatted ? 0 : 1
  }
}
