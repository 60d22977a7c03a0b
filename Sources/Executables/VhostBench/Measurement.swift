import CVhostBench
import DevicePlatform
import VhostUser
import VireoTool
import VirtIO

/// What one run of a client came to, as it is printed and read again.
struct Measurement: CustomStringConvertible {
  var requests: UInt64
  var nanoseconds: UInt64
  var kicks: UInt64
  var processorNanoseconds: UInt64
  var sleeps: UInt64

  var description: String { "\(requests) \(nanoseconds) \(kicks) \(processorNanoseconds) \(sleeps)" }

  /// - Parameter text: what `description` gave.
  init(_ text: String) throws {
    let numbers = text.split(whereSeparator: \.isWhitespace).map { UInt64($0) }
    guard numbers.count == 5, let requests = numbers[0], let time = numbers[1], let kicks = numbers[2],
      let processor = numbers[3], let sleeps = numbers[4], requests > 0, time > 0
    else { throw BenchFailure(description: "a client printed '\(text)', expected five numbers") }
    self.init(requests: requests, nanoseconds: time, kicks: kicks, processorNanoseconds: processor, sleeps: sleeps)
  }

  private init(requests: UInt64, nanoseconds: UInt64, kicks: UInt64, processorNanoseconds: UInt64, sleeps: UInt64) {
    self.requests = requests
    self.nanoseconds = nanoseconds
    self.kicks = kicks
    self.processorNanoseconds = processorNanoseconds
    self.sleeps = sleeps
  }

  private init(_ result: BlockBenchResult) {
    self.init(
      requests: result.requests, nanoseconds: result.nanoseconds, kicks: result.kicks,
      processorNanoseconds: result.processorNanoseconds, sleeps: result.sleeps)
  }

  var perSecond: Double { Double(requests) * 1e9 / Double(nanoseconds) }
  func perRequest(_ count: UInt64) -> Double { Double(count) / Double(requests) }

  /// The plain C client.
  static func plain(_ socket: String, depth: Int, milliseconds: UInt32) throws -> Measurement {
    var result = vhost_bench_result()
    // The path and the result live as long as the call; the answer is a constant of the C library, or none.
    let problem = unsafe vhost_bench_plain_client(socket, UInt32(depth), UInt64(milliseconds), &result)
    if let problem = unsafe problem {
      throw BenchFailure(description: "the plain client: \(unsafe String(cString: problem))")
    }
    return Measurement(
      requests: result.requests, nanoseconds: result.nanoseconds, kicks: result.kicks,
      processorNanoseconds: result.processor_nanoseconds, sleeps: 0)
  }

  /// The block driver, looking without end.
  static func virtqueue(_ socket: String, depth: Int, milliseconds: UInt32) throws -> Measurement {
    var shape = BlockBenchShape()
    shape.depth = depth
    shape.duration = .milliseconds(milliseconds)
    shape.waiting = .poll
    return try run(shape, socket)
  }

  /// The block driver one request at a time, asleep meanwhile.
  static func asleep(_ socket: String, requests: UInt64) throws -> Measurement {
    var shape = BlockBenchShape()
    shape.depth = 1
    shape.requests = requests
    shape.waiting = .sleep
    return try run(shape, socket)
  }

  private static func run(_ shape: BlockBenchShape, _ socket: String) throws -> Measurement {
    var shape = shape
    shape.hasLatencies = false
    var options = VhostUserOptions()
    options.interrupts = shape.interrupts
    let device = try VhostUserDevice(path: socket, type: .block, options: options)
    return Measurement(try shape.run(on: device, timeoutSeconds: 10))
  }

  /// How far two processors are from each other at the moment, in nanoseconds; 0 where there are no two.
  static func lineTime() -> Double { vhost_bench_probe(40) }
}

struct BenchFailure: Error, CustomStringConvertible { let description: String }
