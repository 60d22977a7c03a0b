// Where a person sees a guest's screens.

import VirtualMachine

/// What was asked for.
package enum ScreenWindow: String, Equatable, Sendable {
  /// Nowhere; pictures of them are left at the end.
  case none
  /// In a window of this desktop, of whatever kind QEMU has.
  case window
  /// By VNC, from this machine alone.
  case vnc

  /// QEMU's arguments; they replace that it shows nothing.
  package var arguments: [String] {
    switch self {
    case .none: []
    case .window: ["-display", "default,show-cursor=on"]
    case .vnc: ["-vnc", "127.0.0.1:0,to=99"]
    }
  }

  /// Whether the environment names a desktop that a window could be on.
  package static func hasDesktop(_ environment: [String: String]) -> Bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0].map { !$0.isEmpty } ?? false }
  }

  /// Whether a QEMU can open windows.
  ///
  /// - Parameter displays: what `-display help` said, a kind a line.
  package static func canOpenWindows(_ displays: String) -> Bool {
    displays.split(separator: "\n").contains { ["gtk", "sdl", "cocoa"].contains($0) }
  }

  /// Where a machine that was started so serves VNC: host and port.
  static func address(of machine: Emulator) throws(VirtualMachineError) -> String {
    let answer = try machine.monitor.execute("query-vnc")
    guard let host = answer["host"]?.text, let port = answer["service"]?.text else {
      throw .malformed(what: "answer to query-vnc", found: "\(answer)")
    }
    return "\(host):\(port)"
  }
}
