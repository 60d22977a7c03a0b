// What is tried with real guests, apart from how it is run.

import Foundation

/// A named test that boots one or more guests and says what was wrong.
struct GuestTest: Sendable {
  let name: String
  /// - Returns: what was wrong; empty if nothing was.
  let body: @Sendable (GuestTestContext) throws -> [String]
}

/// What the tests share: the kernels, and a folder for each test.
struct GuestTestContext: Sendable {
  static let deadlineSeconds = 60
  /// Requests of each stress test, unless somebody asks for more.
  static let stressRequests = 40_000

  let package: PackageFolder
  let updatesGolden: Bool
  var stressRequests = GuestTestContext.stressRequests

  /// A folder of a test's own, empty.
  func folder(_ name: String) throws -> URL {
    let folder = package.runs.appendingPathComponent("test/\(name)")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  func boot(
    _ combination: Combination, in folder: URL, devices: GuestDevices = GuestDevices(), script: [String]? = nil,
    kernelWords: [String] = [], deadlineSeconds: Int = GuestTestContext.deadlineSeconds,
    isTalkedToByConsole: Bool = false, extraArguments: [String] = [], balloonPageCount: Int? = nil,
    atPrompt: ((Int, String, GuestScreens) throws -> [String])? = nil,
    whenHeld: ((String, GuestScreens) throws -> Void)? = nil
  ) throws -> GuestRun.Outcome {
    var run = GuestRun(
      combination: combination, kernelPath: package.kernel(combination.architecture).path, folder: folder)
    run.devices = devices
    run.script = script.map { ShellScript($0.joined(separator: "\n")) }
    run.deadlineSeconds = deadlineSeconds
    run.kernelWords = kernelWords
    run.isTalkedToByConsole = isTalkedToByConsole
    run.extraArguments = extraArguments
    run.balloonPageCount = balloonPageCount
    run.atPrompt = atPrompt
    run.whenHeld = whenHeld
    return try run.run()
  }
}

extension GuestTest {
  /// Everything, in the order in which it is started.
  static var all: [GuestTest] {
    Combination.all.map(golden) + [missingDevice] + Combination.all.map(withoutDevices)
      + Combination.all.map(checksums) + Combination.all.map(writing) + Combination.all.map(refusals)
      + Combination.all.map(twoOfEverything) + Combination.all.map(introspection) + Combination.all.map(stranger) + [
        legacyRefused
      ] + driversFromOutside
      + Architecture.allCases.map(exception) + consoles + displays + broken
      + Combination.all.map(firmware) + networks + keys + interrupts
  }

  /// What each golden guest is asked for: the kernel looks at itself for seconds, and no other test needs that again.
  private static let goldenWords = ["vireo.check=whole"]

  /// The tour, line by line. Leaves the run's reports where the table of README.md is made from.
  private static func golden(_ combination: Combination) -> GuestTest {
    GuestTest(name: "golden \(combination.name)") { context in
      var devices = GuestDevices.tour
      devices.screens = combination.takesScreens ? 1 : 0
      let outcome = try context.boot(
        combination, in: context.package.runFolder(combination), devices: devices, kernelWords: goldenWords)
      try GuestRunCommand.linkLatest(combination, context.package)
      let url = context.package.golden(combination)
      let expected = try? String(contentsOf: url, encoding: .utf8)
      if context.updatesGolden, outcome.failures.isEmpty {
        let folder = url.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let updated = GoldenLog.updated(expected, from: outcome.lines, start: GoldenLog.isKernelStart)
        try Data(updated.utf8).write(to: url)
        return []
      }
      guard let expected else { return outcome.failures + ["there is no golden log '\(url.path)'"] }
      return outcome.failures + [GoldenLog(expected).difference(from: outcome.lines)].compactMap { $0 }
    }
  }

  /// Holds the comparison itself to account.
  private static var missingDevice: GuestTest {
    GuestTest(name: "golden notices a missing device") { context in
      let combination = Combination(.aarch64, .virt, .mmio)
      let expected = try String(contentsOf: context.package.golden(combination), encoding: .utf8)
      var devices = GuestDevices.tour
      devices.own = [.scratch, .rng0]
      devices.screens = 1
      let outcome = try context.boot(
        combination, in: context.folder("missing-device"), devices: devices, kernelWords: goldenWords)
      return GoldenLog(expected).difference(from: outcome.lines) == nil
        ? ["a guest without its second entropy device has the same log"] : []
    }
  }

  /// A machine without devices boots, reports and succeeds.
  private static func withoutDevices(_ combination: Combination) -> GuestTest {
    GuestTest(name: "no devices \(combination.name)") { context in
      var devices = GuestDevices()
      devices.own = []
      return try context.boot(combination, in: context.folder("no-devices-\(combination.name)"), devices: devices)
        .failures
    }
  }
}
