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
        "--no-huge", "--no-pci", "-m", "256", "--lcores", "0@0,1@1", "--file-prefix", "vireo", "--no-shconf",
        "--no-telemetry", "--vdev", "net_vhost0,iface=\(folder.path("net.sock")),queues=1", "--", "--forward-mode=io",
        "--auto-start", "--disable-link-check", "--total-num-mbufs=16384", "--no-mlockall",
      ], hasInput: true, output: .collected)
    // What it would leave behind elsewhere.
    command.environment = ["RUNTIME_DIRECTORY": folder.path]
    process = try ChildProcess(command)
  }

  deinit { process.kill() }

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
