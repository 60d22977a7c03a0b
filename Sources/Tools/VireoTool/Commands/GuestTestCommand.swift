// `vireo guest test`

import Dispatch
import Foundation
import Synchronization

enum GuestTestCommand {
  static let usage =
    "vireo guest test [--strict | --skip-build] [--update-golden] [--only WORDS] [--stress REQUESTS]"
  /// Emulators at a time: one more than processors, as guests wait for something most of the time.
  private static let width = ProcessInfo.processInfo.activeProcessorCount + 1

  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var build = KernelBuild.Mode.usual
    var (updatesGolden, only) = (false, "")
    var stressRequests = GuestTestContext.stressRequests
    while let option = rest.next() {
      switch option {
      case "--strict", "--skip-build": try build.choose(option)
      case "--update-golden": updatesGolden = true
      case "--only": only = try rest.value(of: option)
      case "--stress": stressRequests = Int(try rest.number(of: option, in: 1...1_000_000_000))
      default: throw rest.unknown(option)
      }
    }
    let tests = GuestTest.all.filter { only.isEmpty || $0.name.contains(only) }
    guard !tests.isEmpty else { throw UsageError("--only '\(only)': no test has a name with that in it") }
    let package = try PackageFolder.current()
    try EmulatorInstall.ensure(Architecture.allCases)
    try KernelBuild.run(architectures(of: tests.map(\.name)), in: package, build)
    let failed = run(
      tests,
      in: GuestTestContext(package: package, updatesGolden: updatesGolden, stressRequests: stressRequests))
    // Once more, as they stand anywhere among hundreds of lines.
    if !failed.isEmpty { try Terminal.print("failed: \(failed.joined(separator: ", "))") }
    try Terminal.print("\(tests.count - failed.count) passed, \(failed.count) failed")
    return failed.isEmpty ? 0 : 1
  }

  /// Which kernels are needed, by the names of the tests: those that name no architecture may use any.
  static func architectures(of names: [String]) -> [Architecture] {
    let named = names.map { name in Architecture.allCases.filter { name.contains($0.rawValue) } }
    if named.contains(where: \.isEmpty) { return Architecture.allCases }
    return Architecture.allCases.filter { architecture in named.contains { $0.contains(architecture) } }
  }

  /// - Returns: the names of those that failed.
  private static func run(_ tests: [GuestTest], in context: GuestTestContext) -> [String] {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = width
    let output = Mutex<[String]>([])
    queue.addOperations(
      tests.map { test in
        BlockOperation {
          let begin = ContinuousClock.now
          let failures: [String]
          do { failures = try test.body(context) } catch { failures = ["\(error)"] }
          let milliseconds = (ContinuousClock.now - begin) / .milliseconds(1)
          output.withLock { failed in
            if !failures.isEmpty { failed.append(test.name) }
            try? Terminal.print("\(failures.isEmpty ? "ok    " : "FAILED") \(test.name) (\(Int(milliseconds)) ms)")
            for failure in failures { try? Terminal.print("         \(failure)") }
          }
        }
      }, waitUntilFinished: true)
    return output.withLock { $0 }
  }
}
