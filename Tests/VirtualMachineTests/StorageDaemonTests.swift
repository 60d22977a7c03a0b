import Foundation
import Testing
import VirtualMachine

@Suite(.serialized, .timeLimit(.minutes(1))) struct StorageDaemonTests {
  @Test func vhostUserExport_answersUntilTheDaemonIsKilled() throws {
    let disk = try MemoryFile(byteCount: 1 << 20)
    let daemon = try StorageDaemon(
      ["--blockdev", "driver=file,node-name=f0,filename=\(StorageDaemon.path(ofFile: 0))"],
      exports: [.vhostUserBlock(node: "f0")], files: [disk])
    let connection = try daemon.connect(toExport: 0)
    // VHOST_USER_GET_FEATURES, version 1, no payload; the answer carries a 64-bit set.
    var features = try exchange([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], on: connection, count: 20)
    #expect(Array(features.prefix(12)) == [1, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0])
    // VIRTIO_F_VERSION_1
    #expect(features[16] & 1 == 1)
    daemon.process.kill()
    features = try exchange([], on: connection, count: 20)
    #expect(features == [])
    #expect(throws: VirtualMachineError.system(doing: "connecting", errno: ECONNREFUSED)) {
      try daemon.connect(toExport: 0)
    }
  }

  @Test func nbdExport_greets() throws {
    let daemon = try StorageDaemon(
      ["--blockdev", "driver=null-co,node-name=n0,size=1048576"], exports: [.nbd(node: "n0")])
    let greeting = try exchange([], on: try daemon.connect(toExport: 0), count: 16)
    #expect(String(decoding: greeting, as: UTF8.self) == "NBDMAGICIHAVEOPT")
    #expect(daemon.stop() == .exited(0))
  }

  @Test func badArgument_saysWhatTheDaemonSaid() {
    let error = #expect(throws: VirtualMachineError.self) { try StorageDaemon(["--blockdev", "driver=nonsense"]) }
    #expect(error?.words.hasPrefix("qemu-storage-daemon ended with status 1: ") == true)
  }

  /// A program that greets as a daemon of that release does; refused before it is asked anything.
  @Test(arguments: [(4, 2, true), (7, 1, true), (7, 2, false)])
  func oldDaemon_isRefusedByItsGreeting(major: UInt64, minor: UInt64, isTooOld: Bool) throws {
    let folder = try TemporaryFolder()
    let script = folder.path + "/daemon"
    let greeting = #"{"QMP": {"version": {"qemu": {"micro": 0, "minor": \#(minor), "major": \#(major)}}}}"#
    let text = "#!/bin/sh\nexec >&\(ChildProcess.Command.descriptor(ofFile: 0))\necho '\(greeting)'\n"
    try text.write(toFile: script, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    let error = #expect(throws: VirtualMachineError.self) { try StorageDaemon([], program: script) }
    let version = QEMUVersion(major: major, minor: minor)
    #expect((error == .programTooOld(script, version: version, oldest: .oldest)) == isTooOld)
    if isTooOld { #expect(error?.words == "\(script) is of QEMU \(version), expected 7.2 or newer") }
  }

  /// An emulator whose disk is served by a daemon: both ways of losing the connection are seen as errors, not as hangs.
  @Test(arguments: [true, false]) func nbdDropped_failsRequests(byYank: Bool) throws {
    let folder = try TemporaryFolder()
    let daemon = try StorageDaemon([
      "--blockdev", "driver=null-co,node-name=n0,size=1048576,read-zeroes=on",
      "--nbd-server", "addr.type=unix,addr.path=\(folder.path("nbd"))",
      "--export", "type=nbd,id=e0,node-name=n0,writable=on",
    ])
    let machine = try Emulator(
      .init(
        "qemu-system-x86_64",
        [
          "-M", "q35", "-accel", "tcg", "-m", "64", "-blockdev",
          "driver=nbd,node-name=d0,export=n0,server.type=unix,server.path=\(folder.path("nbd"))",
        ]))
    // What the command prints goes to the emulator's standard output.
    try machine.monitor.executeHuman("qemu-io d0 \"read 0 512\"")
    try machine.serial.waitForLine(within: .seconds(10)) { $0.hasPrefix("read 512/512 bytes") }
    if byYank { try machine.disconnect(node: "d0") } else { daemon.process.kill() }
    try machine.monitor.executeHuman("qemu-io d0 \"read 0 512\"")
    try machine.serial.waitForLine(within: .seconds(10)) { $0.hasPrefix("read failed") }
  }

  private func exchange(_ bytes: [UInt8], on socket: SocketEnd, count: Int) throws -> [UInt8] {
    if !bytes.isEmpty {
      #expect(unsafe send(socket.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    }
    var received: [UInt8] = []
    let deadline = ContinuousClock.now + .seconds(10)
    while received.count < count, ContinuousClock.now < deadline {
      var chunk = [UInt8](repeating: 0, count: count - received.count)
      // As large as the call is told.
      let result = unsafe recv(socket.descriptor, &chunk, chunk.count, 0)
      if result == 0 || result < 0 && errno == ECONNRESET { break }
      if result > 0 { received += chunk.prefix(result) } else { usleep(1000) }
    }
    return received
  }
}
