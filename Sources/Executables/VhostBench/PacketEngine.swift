import Foundation
import VirtualMachine

/// Which way frames go, as the driver sees it.
enum Direction: String, CaseIterable {
  case transmit, receive
}

/// DPDK's `dpdk-testpmd` with one port, on one processor, which it keeps busy: behind a vhost-user socket, or as a driver
/// in front of one. Nothing of it is left when this program has ended, however that ends.
final class PacketEngine {
  /// Where its port is.
  enum Port {
    /// The device: listens on the socket. `net_vhost`.
    case device
    /// The driver: connects to it. `net_virtio_user`, split ring, in order, without merged buffers.
    case driver
  }

  private let folder: TemporaryFolder
  private let process: ChildProcess

  /// - Parameters:
  ///   - sends: makes frames of 64 bytes; else takes what comes and forgets it.
  ///   - processor: where all of it runs.
  init(_ port: Port, socket: String, sends: Bool, processor: Int) throws {
    folder = try TemporaryFolder()
    let name = port == .device ? "device" : "driver"
    let port =
      switch port {
      case .device: "net_vhost0,iface=\(socket),queues=1"
      case .driver: "net_virtio_user0,path=\(socket),queues=1,queue_size=256,mrg_rxbuf=0,in_order=1"
      }
    var command = ChildProcess.Command(
      "dpdk-testpmd",
      [
        "--lcores", "0@\(processor),1@\(processor)", "--no-huge", "-m", "256", "--no-pci", "--no-telemetry",
        "--no-shconf", "--file-prefix", name, "--vdev", port, "--", "--forward-mode=\(sends ? "txonly" : "rxonly")",
        "--auto-start", "--stats-period", "1", "--total-num-mbufs=8192", "--rxd=256", "--txd=256", "--no-mlockall",
      ], hasInput: true, output: .collected)
    // What it would leave behind elsewhere.
    command.environment = ["RUNTIME_DIRECTORY": folder.path]
    process = try ChildProcess(command)
  }

  deinit { process.kill() }

  /// Waits until the socket is there.
  func waitUntilListening(_ socket: String) throws {
    let end = Date() + 30
    while !FileManager.default.fileExists(atPath: socket) {
      guard process.status == nil, Date() < end else {
        throw BenchFailure(description: "dpdk-testpmd does not listen: \(process.standardError)")
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// How often it has told its counts, once a second, and how many frames it had taken or sent the last time.
  func counts(sent: Bool) -> (reports: Int, frames: UInt64) {
    // A report is whole when what stands behind the counts is there.
    let reports = process.standardOutput.components(separatedBy: "Tx-pps:").dropLast()
    let name = sent ? "TX-packets:" : "RX-packets:"
    guard let words = reports.last?.split(whereSeparator: \.isWhitespace),
      let place = words.lastIndex(of: Substring(name)),
      place + 1 < words.count, let frames = UInt64(words[place + 1])
    else { return (reports.count, 0) }
    return (reports.count, frames)
  }

  /// It has ended, or never began.
  var hasEnded: Bool { process.status != nil }
  /// Processor time of all its threads so far, in nanoseconds.
  var processorNanoseconds: UInt64 { ProcessorTime.ofProcess(process) }

  /// What it said, for messages.
  var words: String { process.standardError + process.standardOutput.suffix(400) }

  /// Ends it.
  func stop() {
    process.kill()
    process.waitForEnd(within: .seconds(5))
  }
}
