import Foundation
import VhostUser
import VirtIO
import VirtualMachine

/// DPDK's `dpdk-testpmd` with one vhost-user port, which sends back whatever comes in. Its processes, socket and folder go
/// with this object.
final class PacketForwarder {
  private let folder: TemporaryFolder
  private let process: ChildProcess

  /// Starts it. It listens soon.
  init() throws {
    folder = try TemporaryFolder()
    var command = ChildProcess.Command(
      "dpdk-testpmd",
      [
        "--no-huge", "--no-pci", "-m", "256", "--lcores", try Self.processors(), "--file-prefix", "vireo",
        "--no-shconf", "--no-telemetry", "--vdev", "net_vhost0,iface=\(folder.path("net.sock")),queues=1", "--",
        "--forward-mode=io", "--auto-start", "--disable-link-check", "--total-num-mbufs=16384", "--no-mlockall",
      ], hasInput: true, output: .collected)
    // What it would leave behind elsewhere.
    command.environment = ["RUNTIME_DIRECTORY": folder.path]
    process = try ChildProcess(command)
  }

  deinit { process.kill() }

  /// Its two threads on processors that this process may use; both on one if there is only one.
  private static func processors() throws -> String {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let name = "Cpus_allowed_list:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let numbers = numbers(in: line.dropFirst(name.count)), let first = numbers.first, let last = numbers.last
    else { throw Failure(words: "no processors in \(status)") }
    return "0@\(first),1@\(last)"
  }

  /// The numbers of a list such as `0-2,5`; nil for something else.
  static func numbers(in list: Substring) -> [Int]? {
    var numbers: [Int] = []
    for part in list.split(separator: ",") {
      let ends = part.split(separator: "-").map { Int($0.trimmingCharacters(in: .whitespaces)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last
      else { return nil }
      numbers += first...last
    }
    return numbers.isEmpty ? nil : numbers
  }

  func connect(_ options: VhostUserOptions) throws -> VhostUserDevice {
    let path = folder.path("net.sock")
    let end = ContinuousClock.now + .seconds(30)
    while true {
      do throws(VhostUserError) {
        return try VhostUserDevice(path: path, type: .network, options: options)
      } catch {
        guard case .unreachable = error, process.status == nil, ContinuousClock.now < end else {
          throw Failure(words: error.words + "; " + process.standardError)
        }
        // It takes a second to find its way round the machine.
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  /// What it counted.
  struct Counts: Equatable {
    /// Frames from the driver.
    var received = 0
    /// Frames that it lost on the way in.
    var receivedDropped = 0
    /// Frames to the driver.
    var sent = 0
    /// Frames for which the driver had no room.
    var sentDropped = 0
  }

  /// Ends it, which makes it count.
  func stop() throws -> Counts {
    try process.send([10], within: .seconds(5))
    guard process.waitForEnd(within: .seconds(30)) == .exited(0) else { throw Failure(words: process.standardError) }
    let words = process.standardOutput.split { " \n\t:".contains($0) }
    func number(_ name: String) throws -> Int {
      guard let place = words.firstIndex(of: Substring(name)), place + 1 < words.count,
        let value = Int(words[place + 1])
      else { throw Failure(words: "no \(name) in what it said") }
      return value
    }
    return Counts(
      received: try number("RX-packets"), receivedDropped: try number("RX-dropped"), sent: try number("TX-packets"),
      sentDropped: try number("TX-dropped"))
  }

  /// What went wrong with it.
  struct Failure: Error {
    let words: String
  }
}
