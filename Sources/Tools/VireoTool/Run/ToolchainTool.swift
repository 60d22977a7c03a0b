// Programs that come with the Swift toolchain.

import Foundation

enum ToolchainTool {
  /// Beside `swift` if it is there, else anywhere in PATH.
  static func path(_ name: String) -> String? {
    if let swift = Children.find("swift") {
      let folder = URL(fileURLWithPath: swift).resolvingSymlinksInPath().deletingLastPathComponent()
      let beside = folder.appendingPathComponent(name).path
      if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    }
    return Children.find(name)
  }
}
