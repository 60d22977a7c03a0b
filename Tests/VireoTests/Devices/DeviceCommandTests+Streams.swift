import Foundation
import Testing
import VirtualMachine

/// What becomes of streams and files that cannot take or give what they should.
extension DeviceCommandTests {
  @Test(arguments: [["blk", "read"], ["inspect"], ["bench", "blk", "--seconds", "1", "--json"]])
  func fullOutput_isToldInALine(command: [String]) throws {
    try withDisk(Data(count: 4096)) { folder in
      let ending = try run(command + ["--vhost-user", "disk.sock"], output: "/dev/full", in: folder)
      #expect(ending.status == 1)
      let last = ending.error.split(separator: "\n").last
      #expect(last == "vireo: standard output: No space left on device", "\(ending.error)")
    }
  }

  @Test func inputThatCannotBeRead_isToldInALine() throws {
    try withDisk(Data(count: 4096)) { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "\"$0\" blk write --vhost-user disk.sock --sector 0 <. 2>error", Self.tool]
      process.currentDirectoryURL = folder
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
      let error = try String(contentsOf: folder.appendingPathComponent("error"), encoding: .utf8)
      #expect(error == "vireo: standard input: Is a directory\n")
    }
  }

  @Test func fullErrorStream_doesNotEndTheTool() throws {
    try withDisk(Data(count: 4096)) { folder in
      let ending = try run(["blk", "read", "--vhost-user", "disk.sock"], error: "/dev/full", in: folder)
      #expect(ending.status == 0)
      #expect(ending.output.count == 4096)
    }
  }

  /// Through a link in a folder of the test's own, which would be all that is lost.
  @Test func traceToADevice_leavesItAndSaysThatItIsFull() throws {
    try withDisk(Data(count: 4096)) { folder in
      let link = folder.appendingPathComponent("full").path
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/full")
      let ending = try run(["inspect", "--vhost-user", "disk.sock", "--trace", "full"], in: folder)
      #expect(ending.status == 0)
      #expect(ending.error == "vireo: --trace 'full' is not whole: No space left on device\n")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/dev/full")
    }
  }

  @Test func traceToTheSocket_isRefusedAndLeavesIt() throws {
    try withDisk(Data(count: 4096)) { folder in
      let ending = try run(["inspect", "--vhost-user", "disk.sock", "--trace", "disk.sock"], in: folder)
      #expect(ending.status == 2)
      #expect(ending.error.contains("--trace 'disk.sock': cannot be written"), "\(ending.error)")
      let next = try run(["inspect", "--vhost-user", "disk.sock"], in: folder)
      #expect(next.status == 0, "\(next.error)")
    }
  }

  @Test func traceThatIsThere_beginsAnew() throws {
    try withDisk(Data(count: 4096)) { folder in
      let trace = folder.appendingPathComponent("trace")
      try Data(repeating: 0x2a, count: 100_000).write(to: trace)
      #expect(try run(["inspect", "--vhost-user", "disk.sock", "--trace", "trace"], in: folder).status == 0)
      #expect(!(try String(contentsOf: trace, encoding: .utf8)).contains("*"))
    }
  }

  /// A request is done and the tool waits for more input when it is interrupted.
  @Test func interruptedTool_leavesItsTrace() throws {
    let byteCount = 512 << 10
    try withDisk(Data(count: byteCount)) { folder in
      let input = Pipe()
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Self.tool)
      process.arguments = ["blk", "write", "--vhost-user", "disk.sock", "--sector", "0", "--trace", "trace"]
      process.currentDirectoryURL = folder
      process.standardInput = input
      process.standardError = FileHandle.nullDevice
      try process.run()
      // Begins once the tool takes it, which is when it has the device.
      try input.fileHandleForWriting.write(contentsOf: Data(repeating: 1, count: 200_000))
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      let trace = try String(contentsOf: folder.appendingPathComponent("trace"), encoding: .utf8)
      #expect(trace.contains("< SET_VRING_ENABLE done"), "\(trace)")
      #expect(trace.hasSuffix("\n"))
    }
  }

  /// As it was when the device wrote it, not as the driver left it for the next request.
  @Test(arguments: ["poll", "adaptive"])
  func traceOfABench_hasTheStatusesThatTheDeviceWrote(waiting: String) throws {
    try withDisk(Data(count: 1 << 20)) { folder in
      let command = ["bench", "blk", "--vhost-user", "disk.sock", "--depth", "2", "--seconds", "1", "--wait", waiting]
      let ending = try run(command + ["--trace", "trace"], in: folder)
      #expect(ending.status == 0, "\(ending.error)")
      let used = try linesOfUse(folder)
      let unwritten = used.count { $0.hasSuffix("[ff]") }
      #expect(used.count > 100 && unwritten == 0, "\(unwritten) of \(used.count)")
      let written = used.count { $0.hasSuffix("[00]") }
      #expect(written > used.count / 2, "\(written) of \(used.count)")
    }
  }

  /// A look that came too late has no status rather than a wrong one.
  @Test func traceOfARequestThatIsWaitedFor_neverHasAnotherStatus() throws {
    try withDisk(Data(count: 4096)) { folder in
      for _ in 0..<5 {
        #expect(try run(["inspect", "--vhost-user", "disk.sock", "--trace", "trace"], in: folder).status == 0)
        let used = try linesOfUse(folder)
        #expect(used.count == 1)
        #expect(!used.contains { $0.hasSuffix("[ff]") }, "\(used)")
      }
    }
  }

  private func linesOfUse(_ folder: URL) throws -> [Substring] {
    try String(contentsOf: folder.appendingPathComponent("trace"), encoding: .utf8).split(separator: "\n")
      .filter { $0.contains(": used ") }
  }

  @Test func flushThatFails_isToldAsOne() throws {
    let temporary = try TemporaryFolder()
    let folder = URL(fileURLWithPath: temporary.path)
    try Data(count: 4096).write(to: folder.appendingPathComponent("disk.img"))
    let daemon = try StorageDaemon([
      "--blockdev",
      "driver=blkdebug,node-name=disk,image.driver=file,image.filename=\(temporary.path("disk.img")),"
        + "inject-error.0.event=none,inject-error.0.iotype=flush,inject-error.0.errno=5",
      "--export",
      "type=vhost-user-blk,id=export,node-name=disk,writable=on,addr.type=unix,addr.path=\(temporary.path("disk.sock"))",
    ])
    defer { daemon.stop() }
    let command = ["blk", "write", "--vhost-user", "disk.sock", "--sector", "0"]
    let ending = try run(command, input: Data(count: 512), in: folder)
    #expect(ending.status == 1)
    #expect(ending.error == "vireo: the flush after the last write: I/O error\n")
  }

  @Test func buffersThatDoNotFit_areRefused() throws {
    try withDisk(Data(count: 1 << 20)) { folder in
      let ending = try run(
        ["bench", "blk", "--vhost-user", "disk.sock", "--depth", "1024", "--block-size", "1048576"], in: folder)
      #expect(ending.status == 2)
      #expect(
        ending.error.contains("--depth 1024 with --block-size 1048576: expected buffers that fit into 268435456 bytes"))
    }
  }
}
