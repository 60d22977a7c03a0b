import Foundation
import VireoTool

let usage = """
  usage: vhost-bench COMMAND
    compare [--check FILE] [--minutes N]
        a disk of qemu-storage-daemon by this driver and by a plain C client in interleaved rounds, and what is counted;
        with FILE, exit 1 if a figure is beyond its threshold
    client plain|virtqueue SOCKET DEPTH MILLISECONDS
        one measurement, looking without end: requests, nanoseconds, kicks, processor nanoseconds
    asleep SOCKET REQUESTS
        requests one at a time, each side asleep while the other works: the same figures, and sleeps
    compare-network [--pairs N]
        frames of 64 bytes to and from a back-end of DPDK's, by this driver and by DPDK's in interleaved rounds: frames
        per second, and the driver's processor time for each
    client-network transmit|receive SOCKET
        this driver, looking without end until the process is ended
    probe
        nanoseconds that a cache line takes from processor 0 to 1 and back
  """

/// Bad input: the message, and exit status 2.
func refuse(_ message: String) -> Never {
  FileHandle.standardError.write(Data("vhost-bench: \(message)\n\(usage)\n".utf8))
  exit(2)
}

let words = Array(CommandLine.arguments.dropFirst())
do {
  switch words.first {
  case "compare": exit(try Comparison(Array(words.dropFirst())).run() ? 0 : 1)
  case "client":
    guard words.count == 5, let depth = Int(words[3]), 1...341 ~= depth, let time = UInt32(words[4]), time > 0 else {
      refuse("client expects plain or virtqueue, a socket, a depth from 1 to 341, and milliseconds")
    }
    switch words[1] {
    case "plain": try print(Measurement.plain(words[2], depth: depth, milliseconds: time))
    case "virtqueue": try print(Measurement.virtqueue(words[2], depth: depth, milliseconds: time))
    default: refuse("'\(words[1])' is no client, expected plain or virtqueue")
    }
  case "asleep":
    guard words.count == 3, let requests = UInt64(words[2]), requests > 0 else {
      refuse("asleep expects a socket and a number of requests")
    }
    try print(Measurement.asleep(words[1], requests: requests))
  case "compare-network": try NetworkComparison(Array(words.dropFirst())).run()
  case "client-network":
    guard words.count == 3, let direction = Direction(rawValue: words[1]) else {
      refuse("client-network expects transmit or receive, and a socket")
    }
    try NetworkClient.run(direction, words[2])
  case "probe": print(Measurement.lineTime())
  case let other: refuse(other.map { "'\($0)' is no command" } ?? "a command is missing")
  }
} catch let error as UsageError {
  refuse(error.description)
} catch {
  FileHandle.standardError.write(Data("vhost-bench: \(error)\n".utf8))
  exit(1)
}
