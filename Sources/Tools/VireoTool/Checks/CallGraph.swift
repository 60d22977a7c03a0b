// Who calls whom in a linked program, as its disassembly tells.

/// The functions of a program and the symbols that their instructions name.
package struct CallGraph: Sendable {
  /// What one function's instructions lead to.
  package struct Function: Equatable, Sendable {
    /// Symbols that its calls, jumps and address computations name.
    package var targets: Set<String> = []
    /// Calls and jumps through a register or memory: nobody can say where to.
    package var indirect: [String] = []
  }

  package private(set) var functions: [String: Function] = [:]

  /// Reads what `llvm-objdump -d --no-show-raw-insn` prints.
  package init(disassembly: String) {
    var current: String?
    for line in disassembly.split(separator: "\n") {
      if let name = CallGraph.header(line) {
        current = name
        functions[name] = functions[name] ?? Function()
      } else if let current {
        let target = CallGraph.target(line)
        if let target, target != current { functions[current]?.targets.insert(target) }
        if target == nil, CallGraph.isIndirect(line) {
          functions[current]?.indirect.append(line.trimmingPrefix { $0 == " " }.description)
        }
      }
    }
  }

  /// `0000000000401000 <name>:`
  private static func header(_ line: Substring) -> String? {
    guard let first = line.first, first.isHexDigit, line.hasSuffix(">:"), let start = line.firstIndex(of: "<") else {
      return nil
    }
    return String(line[line.index(after: start)...].dropLast(2))
  }

  /// The symbol in an instruction's last `<name>` or `<name+0x12>`; local labels do not count.
  private static func target(_ line: Substring) -> String? {
    guard line.hasSuffix(">"), let start = line.lastIndex(of: "<") else { return nil }
    var name = line[line.index(after: start)...].dropLast()
    if let plus = name.lastIndex(of: "+"), name[plus...].hasPrefix("+0x") { name = name[..<plus] }
    if name.hasSuffix("@plt") { name = name.dropLast(4) }
    return name.hasPrefix(".L") ? nil : String(name)
  }

  /// The instruction's words after its address.
  private static func isIndirect(_ line: Substring) -> Bool {
    guard let colon = line.firstIndex(of: ":") else { return false }
    let words = line[line.index(after: colon)...].split { $0 == " " || $0 == "\t" }
    guard let mnemonic = words.first else { return false }
    let operands = words.dropFirst().joined(separator: " ")
    switch mnemonic {
    case "call", "callq", "jmp", "jmpq": return operands.hasPrefix("*")
    case "blr", "br": return true
    // riscv64: a return is `ret`; a jump table or a call through a pointer is not.
    case "jalr", "jr": return true
    default: return false
    }
  }

  /// Every symbol that can be reached from `start`, each with the function that leads to it first; nil when there is no
  /// such function.
  package func reachable(from start: String, beside: [String] = []) -> [String: String]? {
    guard functions[start] != nil else { return nil }
    var parents = [start: start]
    var queue = [start]
    while let name = queue.popLast() {
      for target in functions[name]?.targets.sorted() ?? [] where parents[target] == nil {
        if beside.contains(where: target.contains) { continue }
        parents[target] = name
        queue.append(target)
      }
    }
    return parents
  }
}
