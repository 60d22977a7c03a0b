import CRingBench
import Foundation

let (s, n) = (Shape(rawValue: Int(CommandLine.arguments[2])!)!, Int(CommandLine.arguments[3])!)
let t0 = bench_nanoseconds()
let sum =
  CommandLine.arguments[1] == "c" ? bench_plain_ring(Int32(s.rawValue), UInt64(n)) : try runVirtqueue(s, operations: n)
print((bench_nanoseconds() - t0) / Double(n), sum)
