import Foundation

extension ChildProcess {
  /// Runs a program to its end, in `folder` or where this process is, and returns what it wrote to its standard output;
  /// its standard error goes to ours.
  ///
  /// - Throws: `programMissing`.
  public static func runToEnd(
    _ program: String, _ arguments: [String], in folder: String? = nil
  ) throws(VirtualMachineError) -> (status: VirtualMachineError.ExitStatus, text: String) {
    let process = try ChildProcess(Command(program, arguments, output: .taken, error: .standardError, folder: folder))
    var bytes: [UInt8] = []
    // As long as the program runs: it ends with this process, or with its reader's patience.
    while true {
      let more = try process.takeOutput(within: .seconds(3600))
      if more.isEmpty { break }
      bytes += more
    }
    return (process.waitForEnd(), String(decoding: bytes, as: UTF8.self))
  }

  /// What a program wrote to its standard output, run to its end; its standard error goes to ours.
  ///
  /// - Throws: `programMissing`; `ended` when its status is not 0.
  public static func output(of program: String, _ arguments: [String]) throws(VirtualMachineError) -> String {
    let (status, text) = try runToEnd(program, arguments)
    guard status == .exited(0) else {
      throw .ended(program: ([program] + arguments).joined(separator: " "), status: status, standardError: "")
    }
    return text
  }

  /// The path of a program that PATH leads to; nil when there is none.
  public static func find(_ program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
