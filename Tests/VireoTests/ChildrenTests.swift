import Dispatch
import Foundation
import Testing

@testable import VireoTool

/// What becomes of the tool's programs.
@Suite(.timeLimit(.minutes(1))) struct ChildrenTests {
  @Test func program_endsWithItsStatus() throws {
    #expect(try Children.run(["sh", "-c", "exit 7"]) == 7)
    #expect(try Children.run(["sh", "-c", "kill -9 $$"]) == 137)
    #expect(try Children.run(["vireo-nonsense"]) == 127)
    let result = try Children.output(of: ["sh", "-c", "echo one; echo two; exit 3"])
    #expect(result.status == 3 && result.text == "one\ntwo\n")
  }

  /// SIGTERM ends what runs and gives the status that shells expect, not the one of the program that was ended.
  @Test func deadlySignal_endsTheProgramsAndTheTool() async throws {
    let result = await #expect(processExitsWith: .exitCode(128 + SIGTERM), observing: [\.standardErrorContent]) {
      let signals = Children.endOnSignals()
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(200)) { kill(getpid(), SIGTERM) }
      let status = try Children.run(["sh", "-c", "echo process $$ >&2; exec sleep 60"])
      Children.letSignalsEnd()
      signals.forEach { $0.cancel() }
      exit(status)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("interrupted; ended 1 running program(s)"))
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("process ") })
    let process = try #require(Int32(line.dropFirst(8)))
    #expect(kill(process, 0) == -1)
  }
}
