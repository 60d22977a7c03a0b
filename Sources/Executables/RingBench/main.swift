import CRingBench
import Foundation

let usage = """
  usage: ring-bench COMMAND
    instructions [--check FILE]  driver instructions per operation, counted by valgrind, beside a plain C ring;
                                 with FILE, exit 1 if one is above its threshold
    time [--check] [ROUNDS]      nanoseconds per operation in interleaved rounds, ratios to the faster plain C ring;
                                 with --check, exit 1 if a median ratio is above 1.2 (one at a time) or 0.8 (batches)
    run RING SHAPE OPERATIONS    one measurement; RING: virtqueue, plain, deferred, network, input; SHAPE: 0, 1, 2
  """

/// Bad input: the message, and exit status 2.
func refuse(_ message: String) -> Never {
  FileHandle.standardError.write(Data("ring-bench: \(message)\n\(usage)\n".utf8))
  exit(2)
}

var arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch arguments.first {
  case "instructions":
    arguments.removeFirst()
    var thresholds: Thresholds?
    if arguments.first == "--check" {
      guard arguments.count == 2 else { refuse("--check expects a file of thresholds") }
      thresholds = try Thresholds(path: arguments[1])
    } else if let extra = arguments.first {
      refuse("unexpected argument '\(extra)'")
    }
    exit(try countInstructions(thresholds) ? 0 : 1)
  case "time":
    arguments.removeFirst()
    let isChecked = arguments.first == "--check"
    if isChecked { arguments.removeFirst() }
    let rounds = arguments.first.map { Int($0) ?? 0 } ?? 11
    guard (1...1000).contains(rounds) else { refuse("'\(arguments[0])' is no number of rounds, expected 1 to 1000") }
    exit(try compareTimes(rounds: rounds, isChecked: isChecked) ? 0 : 1)
  case "run":
    guard arguments.count == 4, let shape = Int(arguments[2]).flatMap(Shape.init(rawValue:)),
      let operations = Int(arguments[3]), operations > 0, operations % 32 == 0
    else { refuse("run expects a ring, a shape from 0 to 2, and a multiple of 32 operations") }
    let begin = bench_nanoseconds()
    let sum: UInt64
    switch arguments[1] {
    case "virtqueue": sum = try runVirtqueue(shape, operations: operations)
    case "plain": sum = bench_plain_ring(Int32(shape.rawValue), UInt64(operations), 0)
    case "deferred": sum = bench_plain_ring(Int32(shape.rawValue), UInt64(operations), 1)
    case "network":
      guard let shape = NetworkShape(rawValue: shape.rawValue) else { refuse("a network has shapes 0 to 2") }
      sum = try runNetwork(shape, operations: operations)
    case "input":
      guard let shape = InputShape(rawValue: shape.rawValue) else { refuse("an input device has shapes 0 and 1") }
      sum = try runInput(shape, operations: operations)
    default: refuse("'\(arguments[1])' is no ring, expected virtqueue, plain, deferred, network or input")
    }
    // The device writes 64 bytes for each request: a wrong sum is a wrong ring.
    guard sum == UInt64(operations) * 64 else { refuse("used lengths add up to \(sum)") }
    print((bench_nanoseconds() - begin) / Double(operations), sum)
  case let other: refuse(other.map { "'\($0)' is no command" } ?? "a command is missing")
  }
} catch {
  FileHandle.standardError.write(Data("ring-bench: \(error)\n".utf8))
  exit(1)
}
