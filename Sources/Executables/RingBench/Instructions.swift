import Foundation
import VirtualMachine

struct BenchFailure: Error, CustomStringConvertible { let description: String }

/// This program's own file.
let ownPath = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path

/// The most driver instructions per operation, one line a shape: `NAME: NUMBER`; `#` begins a comment.
struct Thresholds {
  private var limits: [String: Double] = [:]

  init(path: String) throws {
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: ":")
      guard parts.count == 2, let limit = Double(parts[1].trimmingCharacters(in: .whitespaces)) else {
        throw BenchFailure(description: "\(path): '\(line)' is no threshold, expected 'name: number'")
      }
      limits[String(parts[0])] = limit
    }
  }

  func limit(for name: String) throws -> Double {
    guard let limit = limits[name] else {
      throw BenchFailure(description: "no threshold for '\(name)'")
    }
    return limit
  }
}

/// Counts driver instructions per operation: the difference of two runs' lengths, less what the device's stub takes.
///
/// - Returns: whether all are within their thresholds.
func countInstructions(_ thresholds: Thresholds?) throws -> Bool {
  guard ChildProcess.find("valgrind") != nil else {
    throw BenchFailure(description: "valgrind is not installed: apt-get install valgrind")
  }
  var isWithin = true
  func judge(_ name: String, _ found: Double, beside: String) throws {
    var line = "\(name): \(rounded(found)) instructions\(beside)"
    if let limit = try thresholds?.limit(for: name) {
      line += found <= limit ? ", at most \(limit): ok" : ", at most \(limit): TOO MANY"
      isWithin = isWithin && found <= limit
    }
    print(line)
  }
  let folder = try TemporaryFolder()
  // valgrind trips over the compiler's debug information; symbols stay, to tell the stub apart.
  let program = folder.path("ring-bench")
  _ = try ChildProcess.output(of: "strip", ["-g", "-o", program, ownPath])
  for shape in Shape.allCases {
    let virtqueue = try instructions(program, "virtqueue", shape.rawValue, folder)
    let plain = try instructions(program, "plain", shape.rawValue, folder)
    try judge(shape.name, virtqueue, beside: ", plain C \(rounded(plain))")
  }
  for shape in NetworkShape.allCases {
    try judge(shape.name, try instructions(program, "network", shape.rawValue, folder), beside: "")
  }
  for shape in InputShape.allCases {
    try judge(shape.name, try instructions(program, "input", shape.rawValue, folder), beside: "")
  }
  return isWithin
}

private func rounded(_ number: Double) -> Double { (number * 10).rounded() / 10 }

private func instructions(_ program: String, _ ring: String, _ shape: Int, _ folder: TemporaryFolder) throws -> Double {
  let short = 8_192
  let long = 24_576
  let a = try count(program, ring, shape, short, folder)
  let b = try count(program, ring, shape, long, folder)
  return Double((b.total - b.stub) - (a.total - a.stub)) / Double(long - short)
}

private func count(
  _ program: String, _ ring: String, _ shape: Int, _ operations: Int, _ folder: TemporaryFolder
) throws -> (total: Int, stub: Int) {
  let file = folder.path("callgrind")
  _ = try ChildProcess.output(
    of:
      "valgrind",
    [
      "--quiet", "--tool=callgrind", "--callgrind-out-file=\(file)", program, "run", ring, "\(shape)",
      "\(operations)",
    ])
  return try parse(try String(contentsOfFile: file, encoding: .utf8))
}

/// The total, and what the stub's own lines cost.
private func parse(_ callgrind: String) throws -> (total: Int, stub: Int) {
  var total = 0
  var stub = 0
  var stubMark = ""
  var isStub = false
  var isCallCost = false
  for line in callgrind.split(separator: "\n") {
    if line.hasPrefix("summary: ") || line.hasPrefix("totals: ") {
      total = Int(line.split(separator: " ")[1]) ?? 0
    } else if line.hasPrefix("fn=") {
      // `fn=(12) name` the first time, `fn=(12)` from then on.
      let mark = line.dropFirst(3).prefix { $0 != ")" }
      if line.hasSuffix(" bench_device_run") { stubMark = String(mark) }
      isStub = !stubMark.isEmpty && mark == stubMark
    } else if line.hasPrefix("cfn=") {
      if line.hasSuffix(" bench_device_run") { stubMark = String(line.dropFirst(4).prefix { $0 != ")" }) }
    } else if line.hasPrefix("calls=") {
      // The next line is the cost of what was called.
      isCallCost = true
    } else if let first = line.first, first.isNumber || first == "+" || first == "-" || first == "*" {
      if isStub, !isCallCost { stub += Int(line.split(separator: " ").last ?? "") ?? 0 }
      isCallCost = false
    }
  }
  guard total > 0, stub > 0 else { throw BenchFailure(description: "no count in valgrind's output") }
  return (total, stub)
}
