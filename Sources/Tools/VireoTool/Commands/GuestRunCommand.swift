// `vireo guest run`

import Foundation

enum GuestRunCommand {
  static func perform(_ arguments: [String]) throws -> Int32 {
    let options = try GuestRunOptions(arguments, environment: ProcessInfo.processInfo.environment)
    let script = try options.script.map(read)
    let package = try PackageFolder.current()
    try EmulatorInstall.ensure([options.combination.architecture])
    let kernel = try KernelBuild.run(
      options.combination.architecture, in: package, options.isStrict ? .strict : .usual)
    var run = GuestRun(combination: options.combination, kernelPath: kernel, folder: folder(options, package))
    run.devices = options.devices
    run.kernelWords = options.kernelWords
    run.script = script
    run.isInteractive = script == nil && Terminal.isInteractive
    run.isPassedThrough = true
    run.keepsPictures = options.devices.screens > 0
    let hasWindow = try options.window == .window && EmulatorInstall.canOpenWindows(options.combination.architecture)
    run.window = options.window == .window && !hasWindow ? .none : options.window
    run.deadlineSeconds = run.isInteractive ? options.deadlineSeconds : try deadline(options)
    Terminal.progress("starting \(options.combination) in QEMU")
    let outcome = try run.run()
    if options.output == nil { try linkLatest(options.combination, package) }
    for failure in outcome.failures { Terminal.progress(failure) }
    Terminal.progress("\(outcome.failures.isEmpty ? "passed" : "failed"); reports in \(run.folder.path)")
    return outcome.failures.isEmpty ? 0 : 1
  }

  private static func folder(_ options: GuestRunOptions, _ package: PackageFolder) -> URL {
    options.output.map { URL(fileURLWithPath: $0) } ?? package.runFolder(options.combination)
  }

  private static func read(_ name: String) throws(UsageError) -> ShellScript {
    let data = name == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: name)
    guard let data else { throw UsageError("script '\(name)' cannot be read; expected a file of shell lines or '-'") }
    let script = ShellScript(String(decoding: data, as: UTF8.self))
    if script.linesAfterHalt > 0 {
      Terminal.progress("script '\(name)': \(script.linesAfterHalt) line(s) after 'halt' are not typed")
    }
    return script
  }

  /// Two minutes, and a second more for every 4 MiB of images, whose checksums the guest computes.
  private static func deadline(_ options: GuestRunOptions) throws -> Int {
    if let seconds = options.deadlineSeconds { return seconds }
    let bytes = options.devices.images.reduce(0) { total, image in
      let size = (try? FileManager.default.attributesOfItem(atPath: image.path))?[.size] as? Int
      return total + (size ?? 0)
    }
    return 120 + (bytes >> 22)
  }

  /// `.build/vireo/<arch>` is the latest run of that architecture.
  static func linkLatest(_ combination: Combination, _ package: PackageFolder) throws {
    let link = package.runs.appendingPathComponent(combination.architecture.rawValue)
    // Two runs at a time may meet here: the later one wins, whichever that is.
    for attempt in 0... {
      try? FileManager.default.removeItem(at: link)
      do {
        return try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: combination.name)
      } catch {
        if attempt == 10 { throw error }
      }
    }
  }
}
