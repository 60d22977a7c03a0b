// Programs that come with the Swift toolchain.

import Foundation
import VirtualMachine

enum ToolchainTool {
  /// Beside `swift` if it is there, else anywhere in PATH.
  static func path(_ name: String) -> String? {
    if let swift = ChildProcess.find("swift") {
      let folder = URL(fileURLWithPath: swift).resolvingSymlinksInPath().deletingLastPathComponent()
      let beside = folder.appendingPathComponent(name).path
      if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    }
    return ChildProcess.find(name)
  }
}
