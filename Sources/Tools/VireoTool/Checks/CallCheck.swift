// The data path allocates nothing, counts no references and asks for no exclusivity.

import Foundation

/// Holds named functions of a program against the symbols that they must not reach.
package enum CallCheck {
  /// What the data path must not call, directly or through anything that it calls. A `*` ends a prefix.
  static let forbidden = [
    "swift_retain*", "swift_release*", "swift_nonatomic_retain*", "swift_nonatomic_release*", "swift_unknownObject*",
    "swift_bridgeObject*", "swift_allocObject", "swift_deallocObject", "swift_slowAlloc", "swift_slowDealloc",
    "swift_beginAccess", "posix_memalign", "aligned_alloc", "malloc", "calloc", "realloc", "free",
  ]

  /// What is wrong, one line each: a missing probe, a forbidden symbol with the way to it, a call to nobody knows where.
  ///
  /// - Parameter beside: parts of the names of functions that are no part of the data path and are not followed.
  package static func findings(_ graph: CallGraph, probes: [String], beside: [String] = []) -> [String] {
    probes.flatMap { probe -> [String] in
      guard let parents = graph.reachable(from: probe, beside: beside) else {
        return ["\(probe): no such function in the program; expected one for each probe"]
      }
      let calls = parents.keys.filter(isForbidden).sorted().map { "\(probe): reaches \(way(to: $0, parents))" }
      let indirect = parents.keys.sorted().flatMap { name in
        (graph.functions[name]?.indirect ?? []).map { "\(probe): \(way(to: name, parents)) calls indirectly: \($0)" }
      }
      return calls + indirect
    }
  }

  static func isForbidden(_ label: String) -> Bool {
    // One of several functions of a name has its address behind that.
    let symbol = label.firstRange(of: "@0x").map { label[..<$0.lowerBound] } ?? label[...]
    return forbidden.contains { $0.hasSuffix("*") ? symbol.hasPrefix($0.dropLast()) : symbol == $0 }
  }

  private static func way(to symbol: String, _ parents: [String: String]) -> String {
    var names = [symbol]
    while let name = names.last, let parent = parents[name], parent != name { names.append(parent) }
    return names.joined(separator: ", called by ")
  }
}
