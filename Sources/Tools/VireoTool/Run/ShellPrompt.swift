// How the kernel's shell shows that it waits for a line.

import VirtualMachine

enum ShellPrompt {
  static let text = "vireo> "
}

extension SerialText {
  /// Whether the shell waits for a line: its prompt is there and nothing after it.
  var isAtPrompt: Bool { isAt(prompt: ShellPrompt.text) }
}
