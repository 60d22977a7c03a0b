import Glibc
import Testing
import VirtualMachine

/// Programs from their start to their end.
@Suite(.timeLimit(.minutes(1))) struct ChildProcessTests {
  private func shell(
    _ script: String, hasInput: Bool = false, output: ChildProcess.Output = .collected
  ) -> ChildProcess.Command { .init("sh", ["-c", script], hasInput: hasInput, output: output) }

  @Test func program_writesAndReturns_isHeardAndReaped() throws {
    let child = try ChildProcess(shell("echo out; echo err >&2; exit 7"))
    #expect(child.waitForEnd(within: .seconds(10)) == .exited(7))
    #expect(child.standardOutput == "out\n")
    #expect(child.standardError == "err\n")
    #expect(kill(child.processID, 0) == -1 && errno == ESRCH)
  }

  @Test func program_dropped_isGone() throws {
    var child: ChildProcess? = try ChildProcess(.init("sleep", ["60"]))
    let process = try #require(child).processID
    #expect(kill(process, 0) == 0)
    child = nil
    try expectGone(process)
  }

  @Test func missingProgramAndFolder_areTold() throws {
    #expect(throws: VirtualMachineError.programMissing("vireo-nonsense")) {
      try ChildProcess(.init("vireo-nonsense", []))
    }
    #expect(throws: VirtualMachineError.system(doing: "starting sh", errno: ENOENT)) {
      try ChildProcess(.init("sh", ["-c", ":"], folder: "/vireo-nonsense"))
    }
  }

  @Test func folderAndEnvironment_reachTheProgram() throws {
    var command = shell("pwd; echo $VIREO_WORD; echo ${PATH:+kept}")
    command.folder = "/usr"
    command.environment = ["VIREO_WORD": "a b"]
    let child = try ChildProcess(command)
    #expect(child.waitForEnd(within: .seconds(10)) == .exited(0))
    #expect(child.standardOutput == "/usr\na b\nkept\n")
  }

  @Test func files_areInheritedAndNothingElse() throws {
    let file = try MemoryFile(contents: Array("seen".utf8))
    // A descriptor that somebody forgot to mark.
    let stray = dup(STDERR_FILENO)
    defer { close(stray) }
    var command = shell("cat \(ChildProcess.Command.path(ofFile: 0)); ls /proc/$$/fd | tr '\\n' ' '")
    command.files = [file]
    let child = try ChildProcess(command)
    #expect(child.waitForEnd(within: .seconds(10)) == .exited(0))
    #expect(child.standardOutput.hasPrefix("seen0 1 2 3 "))
    #expect(!child.standardOutput.split(separator: " ").contains("\(stray)"))
  }

  @Test func input_isReadUntilItIsClosed() throws {
    let child = try ChildProcess(shell("tr a-z A-Z", hasInput: true, output: .taken))
    try child.send(Array("hello".utf8), within: .seconds(5))
    child.closeInput()
    #expect(try child.takeOutput(within: .seconds(5)) == Array("HELLO".utf8))
    #expect(try child.takeOutput(within: .seconds(5)) == [])
    #expect(child.waitForEnd(within: .seconds(5)) == .exited(0))
    #expect(throws: VirtualMachineError.connectionClosed("standard input of sh")) {
      try child.send([1], within: .seconds(1))
    }
  }

  @Test func takenOutput_isAllOfItAndWaitsForTheTaker() throws {
    let child = try ChildProcess(shell("head -c 20000000 /dev/zero", output: .taken))
    #expect(child.waitForEnd(within: .milliseconds(500)) == nil)
    var count = 0
    while case let bytes = try child.takeOutput(within: .seconds(10)), !bytes.isEmpty { count += bytes.count }
    #expect(count == 20_000_000)
    #expect(child.waitForEnd(within: .seconds(5)) == .exited(0))
  }

  @Test func takenOutput_nobodyTakes_doesNotKeepADeadProgram() throws {
    let child = try ChildProcess(shell("head -c 20000000 /dev/zero", output: .taken))
    child.waitForEnd(within: .milliseconds(200))
    child.kill()
    #expect(child.status != nil)
  }

  @Test func silence_meetsTheDeadline() throws {
    let child = try ChildProcess(.init("sleep", ["60"], output: .taken))
    let late = VirtualMachineError.deadlinePassed(waitingFor: "output of sleep", milliseconds: 50)
    #expect(throws: late) { try child.takeOutput(within: .milliseconds(50)) }
  }

  @Test func streamsHeldByGrandchild_doNotHoldUpTheEnd() throws {
    let child = try ChildProcess(shell("sleep 5 & exit 3"))
    #expect(child.waitForEnd(within: .seconds(3)) == .exited(3))
  }

  @Test func frozenProgram_canBeKilled() throws {
    let child = try ChildProcess(.init("sleep", ["60"]))
    child.freeze()
    child.kill()
    #expect(child.status == .signalled(SIGKILL))
  }

  @Test func fullInput_meetsTheDeadline() throws {
    let child = try ChildProcess(.init("sleep", ["60"], hasInput: true))
    let late = VirtualMachineError.deadlinePassed(waitingFor: "room in standard input of sleep", milliseconds: 50)
    #expect(throws: late) { try child.send([UInt8](repeating: 0, count: 1 << 22), within: .milliseconds(50)) }
  }
}

/// Waits a moment for a process to go: it may end after its parent.
func expectGone(_ process: Int32, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let deadline = ContinuousClock.now + .seconds(5)
  while kill(process, 0) == 0, ContinuousClock.now < deadline { usleep(10_000) }
  #expect(kill(process, 0) == -1, "process \(process) still runs", sourceLocation: sourceLocation)
}
