import Foundation
import Testing

@testable import VireoTool

/// What is put together for the Linux guest that is measured beside ours, and what is made of its figures.
@Suite struct PeerTests {
  @Test func archive_isWhatCpioUnpacks() throws {
    var writer = ArchiveWriter()
    writer.add("dev", .folder, permissions: 0o755)
    writer.add("dev/console", .characterDevice, permissions: 0o600, device: (5, 1))
    writer.add("init", .file, permissions: 0o755, contents: Array("hello".utf8))
    writer.finish()
    #expect(writer.bytes.count.isMultiple(of: 4))
    let text = String(decoding: writer.bytes, as: UTF8.self)
    // Magic, number, mode, owner, group, links, time, size, device, device it is, length of its name, checksum.
    let zero = "00000000"
    let folder = ["070701", "00000001", "000041ed", zero, zero, "00000001", zero, zero, zero, zero, zero, zero]
    let expected = (folder + ["00000004", zero, "dev\0"]).joined()
    #expect(text.hasPrefix(expected))
    let device = [zero, zero, "00000005", "00000001", "0000000c", zero, "dev/console\0"].joined()
    #expect(text.contains(device))
    #expect(text.contains("init\0\0hello\0\0\0070701"))
    #expect(text.contains("TRAILER!!!\0"))
  }

  @Test func figure_isTheRatioRoundByRound() {
    let figure = PeerFigure(name: "reads", ours: [30, 10, 40], theirs: [10, 10, 20])
    #expect(figure.line == "reads ours 30 linux 10 ratio 1.00 2.00 3.00")
    #expect(
      PeerFigure(name: "time", ours: [5], theirs: [200]).line == "time ours 5 linux 200 ratio 0.0250 0.0250 0.0250")
  }

  @Test func figure_withoutValues_isNoRatio() {
    #expect(PeerFigure(name: "reads", ours: [], theirs: []).line == "reads was not measured")
    #expect(PeerFigure(name: "reads", ours: [1], theirs: [0]).line == "reads was not measured")
  }

  @Test func word_isTheSameForBoth() {
    #expect(PeerWork.reads(7).word == "reads=7")
    #expect(PeerWork.rates(milliseconds: 50).word == "rates=50")
  }

  @Test(arguments: [
    ["--peer", "windows"], ["--peer"], ["--rounds", "3"], ["--peer", "linux", "--check"],
    ["--peer", "linux", "--rounds", "0"], ["--peer", "linux", "--only", "x"], ["--device", "network"],
    ["--peer", "linux", "--device", "printer"], ["--strict", "--skip-build"], ["--skip-build", "--strict"],
  ])
  func commandLine_thatMakesNoSense_isRefused(_ arguments: [String]) {
    #expect(throws: UsageError.self) { try GuestBenchCommand.perform(arguments) }
  }
}
