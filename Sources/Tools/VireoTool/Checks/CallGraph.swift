// Who calls whom in a linked program, as its disassembly tells.

/// The functions of a program and the symbols that their instructions name.
///
/// A linker drops the names of local functions; their instructions then follow those of another function without a
/// header. Such a function stands here under the words that the disassembler has for its address, `name+0x290`: each
/// address inside a function that another function names begins one. Local functions of one name in several files, such as
/// those of a C header, are several functions: all but the first stand here with their addresses, `name@0x401000`.
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
  private let labels: FunctionLabels

  /// Reads what `llvm-objdump -d --no-show-raw-insn` prints.
  package init(disassembly: String) {
    let lines = disassembly.utf8.split(separator: UInt8(ascii: "\n")).compactMap { DisassemblyLine(Substring($0)) }
    labels = FunctionLabels(lines)
    unnamed = CallGraph.unnamedFunctions(lines, labels)
    var symbol: Substring = ""
    var start: UInt64 = 0
    var current = ""
    var flowsOn = false
    for line in lines {
      switch line {
      case .header(let name, let address):
        symbol = labels.label(of: name, at: address)
        (start, current, flowsOn) = (address, String(symbol), false)
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
      let name = self.function(at: instruction.namesWholeAddress ? target.offset : 0, from: labels.label(of: target))
      if name != function { functions[function, default: Function()].targets.insert(name) }
    } else if instruction.isIndirect {
      functions[function, default: Function()].indirect.append(String(instruction.text))
    }
  }

  private static func unnamedFunctions(_ lines: [DisassemblyLine], _ labels: FunctionLabels) -> [Substring: [UInt64]] {
    var found: [Substring: Set<UInt64>] = [:]
    var symbol: Substring = ""
    for line in lines {
      switch line {
      case .header(let name, let address): symbol = labels.label(of: name, at: address)
      case .instruction(let instruction):
        guard instruction.namesWholeAddress, let target = instruction.target else { continue }
        let label = labels.label(of: target)
        if target.offset != 0, label != symbol { found[label, default: []].insert(target.offset) }
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

/// One name for each function of a disassembly.
private struct FunctionLabels {
  /// Of names that several functions have: each address with its label.
  private var labels: [Substring: [UInt64: Substring]] = [:]

  init(_ lines: [DisassemblyLine]) {
    for case .header(let name, let address) in lines {
      let label = labels[name] == nil ? name : "\(name)@0x\(String(address, radix: 16))"
      labels[name, default: [:]][address] = label
    }
    labels = labels.filter { $0.value.count > 1 }
  }

  /// Of the function that begins there.
  func label(of name: Substring, at address: UInt64?) -> Substring {
    address.flatMap { labels[name]?[$0] } ?? name
  }

  func label(of target: Instruction.Target) -> Substring { label(of: target.symbol, at: target.symbolAddress) }
}
