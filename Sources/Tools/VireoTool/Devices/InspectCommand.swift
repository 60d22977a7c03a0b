// `vireo inspect`

import DevicePlatform
import Foundation
import VhostUser
import VirtIO
import VirtIOBlock
import VirtIOEntropy

enum InspectCommand {
  static let usage = "vireo inspect \(DeviceOptions.usage) [--type block|gpu|entropy|NUMBER]"

  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var options = DeviceOptions()
    var type = DeviceType.block
    while let option = rest.next() {
      if try options.take(option, &rest) { continue }
      guard option == "--type" else { throw rest.unknown(option) }
      type = try deviceType(try rest.value(of: option))
    }
    let display = type == .gpu ? GPUInspection.makeDisplay() : nil
    let device = try options.connect(type, display: display, usage: usage)
    let offer = device.offer
    var problems: [DeviceProblem] = []
    try Terminal.print("device         \(type.name), as --type has it: the protocol does not tell")
    try Terminal.print("socket         \(device.path)")
    try printOffer(offer, type)
    if type == .block {
      let configuration = BlockConfiguration(offer.configuration, features: offer.features)
      try Terminal.print("configuration  \(offer.configuration.count) bytes")
      for row in configuration.rows { try Terminal.print("  \(padded(row.name, 31))\(row.words)") }
      problems = configuration.problems(queueCount: offer.queueCount)
      do {
        problems += try bringUp(device, timeoutSeconds: options.timeoutSeconds)
      } catch {
        // What the offer shows is told all the same: it may be why.
        try printProblems(problems)
        throw error
      }
    } else if let display {
      problems = try GPUInspection(device, display, timeoutSeconds: options.timeoutSeconds).perform()
    } else {
      try Terminal.print("configuration  \(offer.configuration.count) bytes: \(hexadecimal(offer.configuration))")
    }
    try printProblems(problems)
    return problems.contains { $0.clause != nil } ? 1 : 0
  }

  private static func printProblems(_ problems: [DeviceProblem]) throws {
    for problem in problems { try Terminal.print("problem        \(problem)") }
  }

  private static func deviceType(_ text: String) throws(UsageError) -> DeviceType {
    switch text {
    case "block": return .block
    case "gpu": return .gpu
    case "entropy": return .entropy
    default:
      guard let number = UInt32(text), number != 0 else {
        throw UsageError("--type '\(text)': expected block, gpu, entropy or a device's number from 1 on")
      }
      return DeviceType(rawValue: number)
    }
  }

  private static func printOffer(_ offer: VhostUserOffer, _ type: DeviceType) throws {
    try Terminal.print("features       \(offer.features.hexadecimal)")
    for row in FeatureTable.rows(offer.features, of: type) {
      try Terminal.print("  \(padded("\(row.bit)", 4))\(padded(row.name, 27))\(row.words)")
    }
    try Terminal.print("protocol       \(offer.protocolFeatures.names.joined(separator: " "))")
    try Terminal.print("  in use       \(offer.protocolFeaturesInUse.names.joined(separator: " "))")
    let source = offer.protocolFeaturesInUse.contains(.queueCount) ? "" : ", as usual: the back-end does not say"
    try Terminal.print("queues         \(offer.queueCount)\(source)")
  }

  /// Sees how the device behaves under the block driver.
  ///
  /// - Returns: what it did wrong without harm.
  private static func bringUp(_ device: VhostUserDevice, timeoutSeconds: UInt32) throws -> [DeviceProblem] {
    var session = try BlockSession(device, timeoutSeconds: timeoutSeconds)
    let geometry = session.disk.geometry
    try Terminal.print("driver         in use with features \(session.disk.features.hexadecimal)")
    try Terminal.print(
      "  \(geometry.byteCount) bytes in blocks of \(geometry.blockByteCount), "
        + "\(geometry.isReadOnly ? "read-only" : "writable"), \(session.disk.capacity) requests at a time, "
        + "up to \(session.disk.maximumSegments) segments each")
    do throws(BlockError) {
      let identifier = try session.disk.identifier(waiter: &session.waiter, timeout: session.timeout)
      try? Terminal.print("  identifier   \"\(quoted(identifier))\"")
    } catch {
      if case .failed(.unsupported) = error {
        try Terminal.print("  identifier   none")
      } else {
        let problem = DeviceProblem(error, of: device)
        throw DeviceProblem("asked for its identifier: \(problem.words)", clause: problem.clause)
      }
    }
    try Terminal.print("diagnosis      \(Diagnosis(session.disk.observe()).words)")
    let problems = [session.falseLengths].compactMap { $0 }
    try session.shutDown()
    return problems
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text.padding(toLength: max(width, text.count + 1), withPad: " ", startingAt: 0)
  }

  /// A device's own text as it can be shown: what is neither a letter nor a sign of ASCII, `"` and `\` as `\xNN`, so that
  /// no device writes lines or moves the cursor.
  static func quoted(_ text: [UInt8]) -> String {
    text.map { byte in
      if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        return String(UnicodeScalar(byte))
      }
      return "\\x" + hexadecimal([byte])
    }.joined()
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
