// From the address in an exception report to function, file and line.

import Foundation

enum Symboliser {
  /// The program counter in a line such as `# exception: breakpoint, pc 0x40201e30, fault address 0x0`.
  static func programCounter(in line: String) -> String? {
    guard let start = line.range(of: "pc 0x") else { return nil }
    let digits = line[start.upperBound...].prefix { $0.isHexDigit }
    return digits.isEmpty ? nil : "0x\(digits)"
  }

  /// Each exception with the functions at its address, innermost first; the first may be the reason, such as
  /// "Swift runtime failure: arithmetic overflow".
  static func explain(_ exceptions: [String], kernel: String) -> String {
    var text = ""
    for exception in exceptions {
      text += exception + "\n"
      guard let address = programCounter(in: exception) else { continue }
      guard let tool = ToolchainTool.path("llvm-symbolizer") else {
        text += "  (llvm-symbolizer not found: neither beside swift nor in PATH)\n"
        continue
      }
      let frames = (try? Children.output(of: [tool, "--obj=\(kernel)", "--inlines", address]))?.text ?? ""
      text += frames.split(separator: "\n").map { "  \(readable(String($0)))\n" }.joined()
    }
    return text
  }

  /// The symboliser does not know the names that Embedded Swift gives to functions.
  private static func readable(_ frame: String) -> String {
    guard frame.hasPrefix("$e"), let result = try? Children.output(of: ["swift", "demangle", "--compact", frame]),
      result.status == 0
    else { return frame }
    return result.text.filter { $0 != "\n" }
  }
}
