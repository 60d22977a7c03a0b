import Testing
import VireoTool

private func graph(_ lines: String) -> CallGraph { CallGraph(disassembly: lines) }

@Test func calls_directAndDeep_areFollowed() {
  let graph = graph(
    """
    0000000000001000 <probe>:
        1000: pushq %rbp
        1004: callq 0x2000 <helper>
        1009: jne 0x1000 <probe+0x9>
    0000000000002000 <helper>:
        2000: jmp 0x3000 <swift_release@plt>
    """)
  #expect(
    CallCheck.findings(graph, probes: ["probe"]) == ["probe: reaches swift_release, called by helper, called by probe"])
  #expect(graph.functions["probe"]?.targets == ["helper"])
  #expect(CallCheck.findings(graph, probes: ["probe"], beside: ["help"]).isEmpty)
  #expect(!CallCheck.findings(graph, probes: ["probe"], beside: ["other"]).isEmpty)
}

@Test func calls_withoutForbiddenSymbols_areFine() {
  let graph = graph(
    """
    0000000000001000 <probe>:
        1000: bl 0x2000 <memcpy>
        1004: ret
    """)
  #expect(CallCheck.findings(graph, probes: ["probe"]).isEmpty)
}

@Test func calls_throughPointer_areReported() {
  for instruction in ["callq *%rax", "blr x8", "jalr a5", "jmpq *0x10(%rip)"] {
    let graph = graph("0000000000001000 <probe>:\n    1000: \(instruction)\n")
    #expect(CallCheck.findings(graph, probes: ["probe"]).count == 1, "\(instruction)")
  }
}

@Test func calls_missingProbe_isReported() {
  #expect(CallCheck.findings(graph(""), probes: ["probe"]).count == 1)
}

@Test func calls_forbiddenNames_byPrefixAndWhole() {
  let graph = graph(
    """
    0000000000001000 <probe>:
        1000: callq 0x2000 <swift_retain_n>
        1005: callq 0x3000 <free_list>
        100a: callq 0x4000 <free>
    """)
  #expect(CallCheck.findings(graph, probes: ["probe"]).count == 2)
}
