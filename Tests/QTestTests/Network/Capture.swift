import Foundation
import VirtualMachine

/// A capture of frames, and what a protocol analyser thinks of it.
struct Capture {
  let path: String

  /// What an analyser objects to: packets that it cannot read, wrong checksums, and whatever it calls an error.
  static let objection =
    "_ws.malformed || _ws.expert.severity == error || ip.checksum.status == 0"
    + " || udp.checksum.status == 0 || icmp.checksum.status == 0"

  /// The frames that a filter passes, one line each.
  func frames(_ filter: String) throws -> [String] {
    let analyser = try ChildProcess(
      .init(
        "tshark",
        ["-n", "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-Y", filter],
        output: .collected))
    guard analyser.waitForEnd(within: .seconds(40)) == .exited(0) else {
      throw AnalyserFailure(words: analyser.standardError)
    }
    return analyser.standardOutput.split(separator: "\n").map(String.init)
  }

  /// What an analyser could not say.
  struct AnalyserFailure: Error {
    let words: String
  }

  /// The same frames and one more, as the capture's format has it: little-endian, with a time, two lengths, the bytes.
  func adding(_ frame: [UInt8], at path: String) throws -> Capture {
    var data = try Data(contentsOf: URL(fileURLWithPath: self.path))
    let count = UInt32(frame.count)
    for number in [0, 0, count, count] {
      for shift in stride(from: UInt32(0), to: 32, by: 8) { data.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    data.append(contentsOf: frame)
    try data.write(to: URL(fileURLWithPath: path))
    return Capture(path: path)
  }
}
