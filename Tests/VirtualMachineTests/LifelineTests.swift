import Foundation
import Testing
import VirtualMachine

/// What is left behind when a process dies with emulators, daemons and folders of its own: nothing.
///
/// Each test starts a process that starts them, tells their numbers and paths on standard output, and is killed.
@Suite(.timeLimit(.minutes(1))) struct LifelineTests {
  @Test func parentKilled_leavesNoEmulatorNoDaemonNoFolder() async throws {
    let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
      let machine = try Emulator(.init("qemu-system-x86_64", ["-M", "none"]))
      let daemon = try StorageDaemon(
        ["--blockdev", "driver=null-co,node-name=n0,size=1048576"], exports: [.vhostUserBlock(node: "n0")])
      let child = try ChildProcess(.init("sleep", ["600"]))
      let folder = try TemporaryFolder()
      try Data("content".utf8).write(to: URL(fileURLWithPath: folder.path("file")))
      try FileManager.default.createDirectory(atPath: folder.path("deeper"), withIntermediateDirectories: false)
      Lifeline.report([machine.process.processID, daemon.process.processID, child.processID], folder.path)
      kill(getpid(), SIGKILL)
    }
    try Lifeline.expectNothingLeft(of: result?.standardOutputContent ?? [], processCount: 3)
  }

  @Test func parentCrashes_leavesNoFrozenEmulatorAndNoFolder() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardOutputContent]) {
      let machine = try Emulator(.init("qemu-system-x86_64", ["-M", "none"]))
      let folder = try TemporaryFolder()
      machine.process.freeze()
      Lifeline.report([machine.process.processID], folder.path)
      abort()
    }
    try Lifeline.expectNothingLeft(of: result?.standardOutputContent ?? [], processCount: 1)
  }

  @Test func folder_isGoneWithItsLastReference() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    let path = try #require(folder).path
    try Data("content".utf8).write(to: URL(fileURLWithPath: path + "/file"))
    #expect(FileManager.default.fileExists(atPath: path + "/file"))
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func folder_whereNoneCanBe_isToldOnce() {
    #expect(throws: VirtualMachineError.self) { try TemporaryFolder(in: "/proc") }
  }
}

enum Lifeline {
  static func report(_ processes: [Int32], _ folder: String) {
    FileHandle.standardOutput.write(Data((processes.map { "process \($0)\n" }.joined() + "folder \(folder)\n").utf8))
  }

  static func expectNothingLeft(of report: [UInt8], processCount: Int) throws {
    let lines = String(decoding: report, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
    let processes = lines.filter { $0.first == "process" }.compactMap { Int32($0[1]) }
    let folders = lines.filter { $0.first == "folder" }.map { String($0[1]) }
    try #require(processes.count == processCount && folders.count == 1, "the process reported \(lines)")
    for process in processes { try expectGone(process) }
    let deadline = ContinuousClock.now + .seconds(5)
    while FileManager.default.fileExists(atPath: folders[0]), ContinuousClock.now < deadline { usleep(10_000) }
    #expect(!FileManager.default.fileExists(atPath: folders[0]))
  }
}
