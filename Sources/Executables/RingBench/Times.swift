import Foundation
import VirtualMachine

/// Compares times in interleaved rounds: this ring, the plain C ring by this toolchain's compiler, and by gcc if there
/// is one. A ratio is taken within a round, to the faster of the C rings in that round.
///
/// - Returns: whether the medians are within their limits, or true when they are not checked.
func compareTimes(rounds: Int, isChecked: Bool) throws -> Bool {
  let folder = try TemporaryFolder()
  let gcc = try buildWithGCC(folder)
  var isWithin = true
  for shape in Shape.allCases {
    let operations = 32 * 100_000
    var ours: [Double] = []
    var ratios: [Double] = []
    var deferredRatios: [Double] = []
    for _ in 0..<rounds {
      let own = try measure(ownPath, ["run", "virtqueue", "\(shape.rawValue)", "\(operations)"])
      ours.append(own)
      ratios.append(own / (try measurePlain("plain", shape, operations, gcc)))
      deferredRatios.append(own / (try measurePlain("deferred", shape, operations, gcc)))
    }
    let limit = shape == .single ? 1.2 : 0.8
    let median = ratios.sorted()[rounds / 2]
    print(
      "\(shape.name): ns \(summary(ours)), ratio to plain C \(summary(ratios)), wanted at most \(limit)"
        + ", to one that publishes once a batch \(summary(deferredRatios))"
        + (isChecked ? (median <= limit ? ": ok" : ": TOO SLOW") : ""))
    isWithin = isWithin && median <= limit
  }
  return isWithin || !isChecked
}

/// The plain ring is a program of its own for other compilers. Its source lies in the package.
private func buildWithGCC(_ folder: TemporaryFolder) throws -> String? {
  let sources = "Sources/Executables/CRingBench"
  guard ChildProcess.find("gcc") != nil, FileManager.default.fileExists(atPath: sources) else {
    FileHandle.standardError.write(Data("ring-bench: no gcc, or not in the package's folder: clang's ring only\n".utf8))
    return nil
  }
  let program = folder.path("plain-ring")
  _ = try ChildProcess.output(
    of:
      "gcc",
    [
      "-O2", "-DPLAIN_RING_MAIN", "-I", "\(sources)/include", "\(sources)/plain-ring.c", "\(sources)/device.c", "-o",
      program,
    ])
  return program
}

/// The faster of the C rings.
private func measurePlain(_ ring: String, _ shape: Shape, _ operations: Int, _ gcc: String?) throws -> Double {
  let own = try measure(ownPath, ["run", ring, "\(shape.rawValue)", "\(operations)"])
  guard let gcc else { return own }
  return min(own, try measure(gcc, ["\(shape.rawValue)", "\(operations)", ring == "deferred" ? "1" : "0"]))
}

private func measure(_ program: String, _ arguments: [String]) throws -> Double {
  let output =
    ChildProcess.find("taskset") == nil
    ? try ChildProcess.output(of: program, arguments)
    : try ChildProcess.output(of: "taskset", ["-c", "0", program] + arguments)
  guard let time = output.split(separator: " ").first.flatMap({ Double($0) }) else {
    throw BenchFailure(description: "\(program) printed '\(output)', expected nanoseconds and a sum")
  }
  return time
}

/// Minimum, median, maximum.
private func summary(_ values: [Double]) -> String {
  let sorted = values.sorted()
  let text = [sorted[0], sorted[sorted.count / 2], sorted[sorted.count - 1]].map { String(format: "%.2f", $0) }
  return "\(text[0])/\(text[1])/\(text[2]) (min/med/max)"
}
