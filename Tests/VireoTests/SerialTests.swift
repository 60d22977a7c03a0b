import Testing

@testable import VireoTool

@Suite struct ShellScriptTests {
  private func lines(_ text: String) -> [String] {
    var script = ShellScript(text)
    var result: [String] = []
    while let line = script.next() { result.append(line) }
    return result
  }

  @Test func lines_areTypedInOrderAndHaltLast() {
    #expect(lines("devices\r\n\n# comment\nread vda 0\n") == ["devices", "read vda 0", "halt"])
    #expect(lines("") == ["halt"])
  }

  @Test func ownHalt_endsTheScript() {
    #expect(lines("help\nhalt\nread vda 0") == ["help", "halt"])
    #expect(ShellScript("help\nhalt\nread vda 0").linesAfterHalt == 1)
    #expect(ShellScript("help\nhalt").linesAfterHalt == 0)
  }
}

@Suite struct ScratchDiskTests {
  @Test func sector_carriesItsNumberInEveryLine() {
    let sector = ScratchDisk.sector(0x1F)
    #expect(sector.count == 512)
    #expect(String(decoding: sector.prefix(16), as: UTF8.self) == "vireo 00001f 00\n")
    #expect(String(decoding: sector.suffix(16), as: UTF8.self) == "vireo 00001f 1f\n")
    #expect(ScratchDisk.sector(ScratchDisk.seededSectors).allSatisfy { $0 == 0 })
  }
}

@Suite struct ShellTranscriptTests {
  @Test func session_isCutIntoResults() {
    let lines = ["ok 1 - block: reads", "vireo> 00 11", "22 33", "ok", "vireo> error: no device 'vdx'", "vireo> ok"]
    #expect(
      ShellTranscript.results(in: lines) == [
        ShellResult(output: ["00 11", "22 33"], error: nil),
        ShellResult(output: [], error: "error: no device 'vdx'"), ShellResult(output: [], error: nil),
      ])
    #expect(ShellTranscript.results(in: ["ok", "error: x"]).isEmpty)
  }
}
