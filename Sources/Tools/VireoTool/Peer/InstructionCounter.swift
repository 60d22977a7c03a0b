// How many instructions a machine has executed.

import Foundation
import VirtualMachine

/// A plugin for QEMU's translator, which tells at the end, in QEMU's log, or at any time, in a file.
struct InstructionCounter {
  /// What QEMU inherits: the log, and the file of the count.
  let files: [MemoryFile]
  private let plugin: String

  init(_ peer: LinuxPeer) throws {
    files = [try MemoryFile(byteCount: 0), try MemoryFile(byteCount: 8)]
    plugin = peer.counter.path
  }

  /// QEMU's arguments, where `files` are the first that it inherits.
  var arguments: [String] {
    ["-plugin", "\(plugin),counter=\(Emulator.path(ofFile: 1))", "-d", "plugin", "-D", Emulator.path(ofFile: 0)]
  }

  /// The count at this moment.
  func present() throws -> Int {
    try files[1].read(at: 0, byteCount: 8).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The count, once QEMU has ended.
  func total() throws -> Int {
    let text = String(decoding: try files[0].read(at: 0, byteCount: try files[0].currentByteCount()), as: UTF8.self)
    let count = text.split(separator: "\n").last { $0.hasPrefix("instructions: ") }?.split(separator: " ").last
    guard let count = count.flatMap({ Int($0) }) else {
      throw ToolError("QEMU counted no instructions; its log says '\(text.prefix(200))'")
    }
    return count
  }
}
