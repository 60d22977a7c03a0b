import Foundation

/// A folder for sockets and files that must have a path, gone when the last reference is, or this process: however
/// that ends, also killed.
///
/// A small shell outside this process's session makes the folder and waits for the end of its standard input; then it
/// removes the folder. Prefer what needs no path: `MemoryFile`, `SocketEnd`, `Listener`.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String
  private let keeper: ChildProcess

  /// Makes a folder that only this user can enter, below `parent`: the system's folder for such things.
  public init(in parent: String = FileManager.default.temporaryDirectory.path) throws(VirtualMachineError) {
    let path = parent + (parent.hasSuffix("/") ? "" : "/") + "vireo-" + UUID().uuidString
    let script = #"mkdir -m 700 -- "$1" || exit 1; echo made; cat >/dev/null; rm -rf -- "$1""#
    var command = ChildProcess.Command("sh", ["-c", script, "sh", path], hasInput: true, output: .taken)
    command.survives = true
    let keeper = try ChildProcess(command)
    guard try !keeper.takeOutput(within: .seconds(10)).isEmpty else {
      throw .system(doing: "making the folder \(path): \(keeper.standardError)", errno: EACCES)
    }
    self.path = path
    self.keeper = keeper
  }

  deinit {
    keeper.closeInput()
    // Gone before the owner goes on.
    keeper.waitForEnd(within: .seconds(10))
  }

  /// The path of something in it.
  public func path(_ name: String) -> String { "\(path)/\(name)" }
}
