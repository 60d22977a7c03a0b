// `vireo bench blk`

import DevicePlatform
import Foundation
import VhostUser
import VirtIO
import VirtIOBlock

enum BlockBenchCommand {
  static let usage =
    "vireo bench blk \(DeviceOptions.usage) [--depth N] [--seconds N] [--block-size N] [--wait poll|sleep|adaptive] [--no-latency] [--json]"

  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var options = DeviceOptions()
    var shape = BlockBenchShape()
    var isJSON = false
    while let option = rest.next() {
      if try options.take(option, &rest) { continue }
      switch option {
      case "--depth": shape.depth = Int(try rest.number(of: option, in: 1...1024))
      case "--seconds": shape.duration = .seconds(UInt32(try rest.number(of: option, in: 1...86_400)))
      case "--block-size": shape.blockByteCount = try blockSize(&rest, option)
      case "--wait":
        let text = try rest.value(of: option)
        guard let waiting = BlockBenchShape.Waiting(rawValue: text) else {
          throw UsageError("--wait '\(text)': expected poll, sleep or adaptive")
        }
        shape.waiting = waiting
      case "--no-latency": shape.hasLatencies = false
      case "--json": isJSON = true
      default: throw rest.unknown(option)
      }
    }
    #if DEBUG
      Terminal.progress("built for debugging: these figures are the tool's rather than the device's")
    #endif
    let device = try options.connect(.block, interrupts: shape.interrupts, usage: usage)
    let result = try shape.run(on: device, timeoutSeconds: options.timeoutSeconds)
    try Terminal.print(isJSON ? json(shape, result) : words(shape, result))
    return 0
  }

  private static func blockSize(_ rest: inout Arguments, _ option: String) throws(UsageError) -> Int {
    let size = try rest.number(of: option, in: 512...1 << 20)
    guard size % 512 == 0 else { throw UsageError("--block-size '\(size)': expected a multiple of 512") }
    return Int(size)
  }

  package static func words(_ shape: BlockBenchShape, _ result: BlockBenchResult) -> String {
    var lines = [
      "random reads of \(shape.blockByteCount) bytes, \(shape.depth) at a time, for "
        + String(format: "%.2f s", Double(result.nanoseconds) / 1e9),
      String(format: "%.0f requests a second", result.perSecond),
      String(
        format: "%.4f kicks, %.4f sleeps and %.0f ns of processor time a request", result.perRequest(result.kicks),
        result.perRequest(result.sleeps), result.perRequest(result.processorNanoseconds)),
    ]
    guard result.latencies.count > 0 else { return lines.joined(separator: "\n") }
    func microseconds(_ time: UInt64) -> String { String(format: "%.1f", Double(time) / 1e3) }
    let latencies = result.latencies
    lines.append(
      "latency in microseconds: least \(microseconds(latencies.shortest)), half \(microseconds(latencies.perMille(500))), "
        + "90 % \(microseconds(latencies.perMille(900))), 99 % \(microseconds(latencies.perMille(990))), "
        + "99.9 % \(microseconds(latencies.perMille(999))), most \(microseconds(latencies.longest))")
    let most = latencies.powers.map(\.count).max() ?? 1
    for (below, count) in latencies.powers {
      let bar = String(repeating: "#", count: Int((Double(count) * 50 / Double(most)).rounded(.up)))
      let label = String(format: "%12.1f", Double(below) / 1e3)
      lines.append(
        "  below \(label) \(String(format: "%6.2f", Double(count) * 100 / Double(latencies.count))) % \(bar)")
    }
    return lines.joined(separator: "\n")
  }

  package static func json(_ shape: BlockBenchShape, _ result: BlockBenchResult) -> String {
    let latencies = result.latencies
    let buckets = latencies.buckets.map { "[\($0.end),\($0.count)]" }.joined(separator: ",")
    let latency =
      latencies.count == 0
      ? "null"
      : "{\"min\":\(latencies.shortest),\"p50\":\(latencies.perMille(500)),\"p90\":\(latencies.perMille(900)),"
        + "\"p99\":\(latencies.perMille(990)),\"p999\":\(latencies.perMille(999)),\"max\":\(latencies.longest),"
        + String(format: "\"mean\":%.1f,", latencies.mean) + "\"histogram\":[\(buckets)]}"
    return "{\"operation\":\"read\",\"blockBytes\":\(shape.blockByteCount),\"depth\":\(shape.depth),"
      + String(format: "\"seconds\":%.6f,", Double(result.nanoseconds) / 1e9) + "\"requests\":\(result.requests),"
      + String(format: "\"requestsPerSecond\":%.1f,", result.perSecond)
      + String(format: "\"kicksPerRequest\":%.6f,", result.perRequest(result.kicks))
      + String(format: "\"sleepsPerRequest\":%.6f,", result.perRequest(result.sleeps))
      + String(format: "\"processorNanosecondsPerRequest\":%.1f,", result.perRequest(result.processorNanoseconds))
      + "\"latencyNanoseconds\":\(latency)}"
  }
}
