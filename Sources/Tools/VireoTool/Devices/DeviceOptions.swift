// What all commands about a device behind vhost-user have in common.

import DevicePlatform
import Foundation
import VhostUser
import VirtIO
import VirtIOBlock

/// Where the device is, and where its trace goes.
package struct DeviceOptions {
  package var socket: String?
  package var trace: String?
  /// How long the device may take for a message or a request.
  package var timeoutSeconds: UInt32 = 10

  static let usage = "--vhost-user SOCKET [--timeout SECONDS] [--trace FILE]"

  package init() {}

  /// Takes an option if it is one of these.
  ///
  /// - Returns: whether it was.
  mutating func take(_ option: String, _ rest: inout Arguments) throws(UsageError) -> Bool {
    switch option {
    case "--vhost-user": socket = try rest.value(of: option)
    case "--trace": trace = try rest.value(of: option)
    case "--timeout": timeoutSeconds = UInt32(try rest.number(of: option, in: 1...3600))
    default: return false
    }
    return true
  }

  /// Connects to the back-end.
  ///
  /// - Parameters:
  ///   - interrupts: what becomes of the back-end's.
  ///   - display: of a GPU.
  func connect(
    _ type: DeviceType, interrupts: VhostUserOptions.Interrupts = .awaited, display: VhostUserDisplay? = nil,
    usage: String
  ) throws -> VhostUserDevice {
    guard let socket else { throw UsageError("--vhost-user is missing, expected a back-end's socket\nusage: \(usage)") }
    var options = VhostUserOptions()
    options.timeout = .seconds(timeoutSeconds)
    options.interrupts = interrupts
    options.display = display
    if let trace { options.trace = try TraceFile(path: trace).write }
    do throws(VhostUserError) {
      return try VhostUserDevice(path: socket, type: type, options: options)
    } catch {
      if case .unreachable = error { throw UsageError("--vhost-user: \(error.words)") }
      throw DeviceProblem(error)
    }
  }
}
