/// What the kernel was asked for: the words `vireo.NAME=VALUE` of its command line. Other words are for others.
struct KernelOptions {
  /// What comes after the tour.
  enum ShellMode {
    /// Power off.
    case none
    /// A shell that does not echo: the other end of the serial line shows what is typed.
    case script
    /// A shell that echoes what is typed.
    case interactive
  }

  /// What comes after the tour.
  private(set) var shell = ShellMode.none
  /// Measurements instead of the tour.
  private(set) var isBench = false
  /// Devices from before version 1 are not driven.
  private(set) var refusesLegacy = false
  /// What was not understood: each in one line.
  private(set) var problems: [String] = []

  /// Reads a command line.
  init(_ commandLine: String) {
    for word in commandLine.utf8.split(separator: UInt8(ascii: " ")) { read(String(Substring(word))) }
  }

  private mutating func read(_ word: String) {
    let prefix = "vireo."
    guard word.hasPrefix(prefix) else { return }
    switch word {
    case "vireo.shell=none": shell = .none
    case "vireo.shell=script": shell = .script
    case "vireo.shell=interactive": shell = .interactive
    case "vireo.bench=0": isBench = false
    case "vireo.bench=1": isBench = true
    case "vireo.legacy=allow": refusesLegacy = false
    case "vireo.legacy=refuse": refusesLegacy = true
    default:
      problems.append(
        "command line: '\(word)', expected vireo.shell=none|script|interactive, vireo.bench=0|1 or "
          + "vireo.legacy=allow|refuse")
    }
  }
}
