// Who calls whom in a linked program, as its disassembly tells.

/// The functions of a program and the symbols that their instructions name.
///
/// A linker drops the names of local functions; their instructions then follow those of another function without a
/// header. Such a function stands here under the words that the disassembler has for its address, `name+0x290`: each
/// address inside a function that another function names begins one.
package struct CallGraph: Sendable {
  /// What one function's instructions lead to.
  package struct Function: Equatable, Sendable {
    /// Symbols that its calls, jumps and address computations name.
    package var targets: Set<String> = []
    /// Calls and jumps through a register or memory: nobody can say where to.
    package var indirect: [String] = []
  }

  package private(set) var functions: [String: Function] = [:]
  /// Where functions without a name begin: offsets from the symbol before them, ascending.
  private let unnamed: [Substring: [UInt64]]

  /// Reads what `llvm-objdump -d --no-show-raw-insn` prints.
  package init(disassembly: String) {
    let lines = disassembly.split(separator: "\n").compactMap(DisassemblyLine.init)
    unnamed = CallGraph.unnamedFunctions(lines)
    var symbol: Substring = ""
    var start: UInt64 = 0
    var current = ""
    var flowsOn = false
    for line in lines {
      switch line {
      case .header(let name, let address):
        (symbol, start, current, flowsOn) = (name, address, String(name), false)
        functions[current] = functions[current] ?? Function()
      case .instruction(let instruction):
        let function = self.function(at: instruction.address &- start, from: symbol)
        // Code may run from one function into the next: what lies between was the beginning of another only for a jump.
        if function != current, flowsOn { functions[current]?.targets.insert(function) }
        current = function
        add(instruction, to: function)
        if !instruction.isPadding { flowsOn = !instruction.endsFlow }
      }
    }
  }

  private mutating func add(_ instruction: Instruction, to function: String) {
    if let target = instruction.target {
      let name = self.function(at: instruction.namesWholeAddress ? target.offset : 0, from: target.symbol)
      if name != function { functions[function, default: Function()].targets.insert(name) }
    } else if instruction.isIndirect {
      functions[function, default: Function()].indirect.append(String(instruction.text))
    }
  }

  private static func unnamedFunctions(_ lines: [DisassemblyLine]) -> [Substring: [UInt64]] {
    var found: [Substring: Set<UInt64>] = [:]
    var symbol: Substring = ""
    for line in lines {
      switch line {
      case .header(let name, _): symbol = name
      case .instruction(let instruction):
        guard instruction.namesWholeAddress, let target = instruction.target else { continue }
        if target.offset != 0, target.symbol != symbol { found[target.symbol, default: []].insert(target.offset) }
      }
    }
    return found.mapValues { $0.sorted() }
  }

  /// The name of the function to which an address belongs, with or without a name of its own.
  private func function(at offset: UInt64, from symbol: Substring) -> String {
    guard let start = unnamed[symbol]?.last(where: { $0 <= offset }) else { return String(symbol) }
    return "\(symbol)+0x\(String(start, radix: 16))"
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
