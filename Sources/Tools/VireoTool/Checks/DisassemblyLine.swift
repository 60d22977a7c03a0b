// One line of a disassembly.

/// What `llvm-objdump -d --no-show-raw-insn` prints on a line that tells something.
enum DisassemblyLine {
  /// `0000000000401000 <name>:`
  case header(Substring, address: UInt64)
  case instruction(Instruction)

  /// Nil for empty lines and titles of sections.
  init?(_ line: Substring) {
    guard let first = line.utf8.first else { return nil }
    if Character(UnicodeScalar(first)).isHexDigit, line.hasSuffix(">:"), let start = line.firstIndex(of: "<"),
      let address = UInt64(line.prefix { $0.isHexDigit }, radix: 16)
    {
      self = .header(line[line.index(after: start)...].dropLast(2), address: address)
    } else if let instruction = Instruction(line) {
      self = .instruction(instruction)
    } else {
      return nil
    }
  }
}

/// An instruction: `  401004: callq 0x402000 <helper>`.
struct Instruction {
  /// What an instruction's last `<name>` or `<name+0x12>` says.
  struct Target {
    let symbol: Substring
    /// Bytes from the symbol's own address.
    let offset: UInt64
    /// What stands before it; nil where that is no address.
    let address: UInt64?

    /// Where the symbol is.
    var symbolAddress: UInt64? { address.map { $0 &- offset } }
  }

  let text: Substring
  let address: UInt64
  let mnemonic: Substring
  let operands: Substring
  /// The symbol that the instruction names; local labels do not count.
  let target: Target?

  init?(_ line: Substring) {
    // By bytes: a disassembly has hundreds of thousands of lines, and characters would have to be put together first.
    let text = line.utf8.drop { $0 == UInt8(ascii: " ") }
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")),
      let address = UInt64(Substring(text[..<colon]), radix: 16)
    else { return nil }
    let words = text[text.index(after: colon)...].drop(while: Self.isBlank)
    let mnemonic = words.prefix { !Self.isBlank($0) }
    self.text = Substring(text)
    self.address = address
    self.mnemonic = Substring(mnemonic)
    let operands = words[mnemonic.endIndex...].drop(while: Self.isBlank)
    self.operands = Substring(operands)
    target = operands.last == UInt8(ascii: ">") ? Self.target(in: operands) : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func target(in operands: Substring.UTF8View) -> Target? {
    guard let start = operands.lastIndex(of: UInt8(ascii: "<")) else { return nil }
    let written = Substring(operands[operands.index(after: start)...].dropLast())
    if written.hasPrefix(".L") { return nil }
    let before = Substring(operands[..<start].split(whereSeparator: isBlank).last ?? operands[start..<start])
    let address = before.hasPrefix("0x") ? UInt64(before.dropFirst(2), radix: 16) : nil
    if let plus = written.utf8.lastIndex(of: UInt8(ascii: "+")), written[plus...].hasPrefix("+0x"),
      let offset = UInt64(written[plus...].dropFirst(3), radix: 16)
    {
      return Target(symbol: written[..<plus], offset: offset, address: address)
    }
    return Target(symbol: written.hasSuffix("@plt") ? written.dropLast(4) : written, offset: 0, address: address)
  }

  /// Whether the target is where the processor goes or a whole address, not the page or the upper part of one.
  var namesWholeAddress: Bool { mnemonic != "adrp" && mnemonic != "auipc" }

  /// Whether it calls or jumps through a register or memory.
  var isIndirect: Bool {
    switch mnemonic {
    case "call", "callq", "jmp", "jmpq": return operands.hasPrefix("*")
    case "blr", "br": return true
    // riscv64: a return is `ret`; a jump table or a call through a pointer is not.
    case "jalr", "jr": return true
    default: return false
    }
  }

  /// Whether the processor never goes on with the next instruction.
  var endsFlow: Bool {
    switch mnemonic {
    case "ret", "retq", "jmp", "jmpq", "b", "br", "j", "jr", "ud2", "brk", "unimp", "udf": true
    default: false
    }
  }

  /// What fills the room between two functions.
  var isPadding: Bool { mnemonic.hasPrefix("nop") || mnemonic == "int3" || operands.hasPrefix("%ax, %ax") }
}
