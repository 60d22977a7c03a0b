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

@Test func calls_intoMiddleOfFunction_areToOneWithoutName() {
  let graph = graph(
    """
    0000000000001000 <probe>:
        1000: callq 0x2010 <deinit+0x10>
        1005: retq
    0000000000002000 <deinit>:
        2000: callq 0x3000 <swift_release>
        2005: je 0x2018 <deinit+0x18>
        200a: retq
        200b: nopl (%rax)
        2010: callq 0x4000 <memcpy>
        2018: retq
    """)
  #expect(CallCheck.findings(graph, probes: ["probe"]).isEmpty)
  #expect(graph.functions["probe"]?.targets == ["deinit+0x10"])
  #expect(graph.functions["deinit"]?.targets == ["swift_release", "deinit+0x10"])
  #expect(graph.functions["deinit+0x10"]?.targets == ["memcpy"])
}

@Test func calls_intoFunctionThatAnotherRunsInto_areFollowed() {
  let graph = graph(
    """
    0000000000001000 <probe>:
        1000: jmp 0x2010 <helper+0x10>
    0000000000002000 <helper>:
        200b: nopl (%rax)
        2010: jne 0x2000 <helper>
        2018: callq *%rax
    0000000000003000 <other>:
        3000: bl 0x2000 <helper>
        3004: adrp x8, 0x2000 <helper+0x18>
    """)
  #expect(graph.functions["helper+0x10"]?.targets == ["helper"])
  #expect(graph.functions["helper+0x18"] == nil)
  #expect(CallCheck.findings(graph, probes: ["probe"]).count == 1)
  #expect(CallCheck.findings(graph, probes: ["other"]).isEmpty)
}

@Test func calls_runningIntoWhatOthersCall_areFollowed() {
  let graph = graph(
    """
    0000000000001000 <probe>:
        1000: xorl %eax, %eax
        1004: callq *%rax
    0000000000002000 <other>:
        2000: jmp 0x1004 <probe+0x4>
    """)
  #expect(CallCheck.findings(graph, probes: ["probe"]).count == 1)
  #expect(CallCheck.findings(graph, probes: ["other"]).count == 1)
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

@Test func calls_behindFunctionsOfOneName_areKeptApart() {
  let graph = graph(
    """
    0000000000001000 <probe>:
        1000: bl 0x3008 <load8+0x8>
        1004: bl 0x2000 <load8>
        1008: ret
    0000000000001010 <other>:
        1010: bl 0x2008 <load8+0x8>
        1014: ret
    0000000000002000 <load8>:
        2000: ldrb w0, [x0]
        2004: ret
        2008: bl 0x4000 <swift_release>
        200c: ret
    0000000000003000 <load8>:
        3000: ldrb w0, [x0]
        3004: ret
        3008: brk #0x1
    0000000000005000 <free>:
        5000: ret
    0000000000006000 <free>:
        6000: ret
    0000000000007000 <third>:
        7000: b 0x6000 <free>
    """)
  #expect(graph.functions["probe"]?.targets == ["load8@0x3000+0x8", "load8"])
  #expect(graph.functions["other"]?.targets == ["load8+0x8"])
  #expect(CallCheck.findings(graph, probes: ["probe"]).isEmpty)
  #expect(CallCheck.findings(graph, probes: ["other"]).count == 1)
  #expect(CallCheck.findings(graph, probes: ["third"]).count == 1)
}
