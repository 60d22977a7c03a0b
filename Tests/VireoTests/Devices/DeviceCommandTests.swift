import Foundation
import Testing
import VirtualMachine

/// The commands about devices as a person calls them, against QEMU's storage daemon.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DeviceCommandTests {
  /// The tool, in the folder that the tests were built in.
  static let tool: String = {
    let arguments = CommandLine.arguments
    let bundle = arguments.firstIndex(of: "--test-bundle-path").map { arguments[$0 + 1] } ?? arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("vireo").path
  }()

  struct Ending {
    let status: Int32
    let output: Data
    let error: String
    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Runs the tool with files as its streams, so that no pipe can fill up.
  ///
  /// - Parameters:
  ///   - output: a path for standard output instead; nothing of it is in the result.
  ///   - error: the same for standard error.
  func run(
    _ arguments: [String], input: Data = Data(), output: String? = nil, error: String? = nil, in folder: URL
  ) throws -> Ending {
    let files = ["in", "out", "err"].map { folder.appendingPathComponent("stream-\($0)") }
    try input.write(to: files[0])
    for file in files[1...] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.tool)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: output.map { URL(fileURLWithPath: $0) } ?? files[1])
    process.standardError = try FileHandle(forWritingTo: error.map { URL(fileURLWithPath: $0) } ?? files[2])
    try process.run()
    process.waitUntilExit()
    return Ending(
      status: process.terminationStatus, output: try Data(contentsOf: files[1]),
      error: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }

  /// A folder with `disk.img` and a daemon that exports it at `disk.sock`; both are gone when `body` is done.
  func withDisk(_ contents: Data, export: String = "writable=on", _ body: (URL) throws -> Void) throws {
    let temporary = try TemporaryFolder()
    let folder = URL(fileURLWithPath: temporary.path)
    try contents.write(to: folder.appendingPathComponent("disk.img"))
    let daemon = try StorageDaemon([
      "--blockdev", "driver=file,filename=\(temporary.path("disk.img")),node-name=disk", "--export",
      "type=vhost-user-blk,id=export,node-name=disk,addr.type=unix,addr.path=\(temporary.path("disk.sock")),\(export)",
    ])
    defer { daemon.stop() }
    try body(folder)
  }

  private func pattern(_ byteCount: Int, seed: UInt64) -> Data {
    var state = seed
    return Data(
      (0..<byteCount).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      })
  }

  @Test func blkRead_givesTheDisksBytes() throws {
    let contents = pattern(3 << 20, seed: 1)
    try withDisk(contents) { folder in
      let whole = try run(["blk", "read", "--vhost-user", "disk.sock"], in: folder)
      #expect(whole.status == 0, "\(whole.error)")
      #expect(whole.output == contents)
      #expect(whole.error.contains("read 3145728 bytes"))
      let part = try run(["blk", "read", "--vhost-user", "disk.sock", "--sector", "7", "--count", "3"], in: folder)
      #expect(part.output == contents[7 * 512..<10 * 512])
    }
  }

  @Test func blkWrite_changesTheDiskThereAndNowhereElse() throws {
    let contents = pattern(2 << 20, seed: 2)
    let news = pattern(1 << 20 + 512, seed: 3)
    try withDisk(contents) { folder in
      let ending = try run(["blk", "write", "--vhost-user", "disk.sock", "--sector", "9"], input: news, in: folder)
      #expect(ending.status == 0, "\(ending.error)")
      #expect(ending.output.isEmpty)
      var expected = contents
      expected.replaceSubrange(9 * 512..<9 * 512 + news.count, with: news)
      #expect(try Data(contentsOf: folder.appendingPathComponent("disk.img")) == expected)
    }
  }

  @Test func blkWrite_ofPartOfABlockOrTooMuch_saysSo() throws {
    try withDisk(pattern(64 << 10, seed: 4)) { folder in
      let command = ["blk", "write", "--vhost-user", "disk.sock", "--sector"]
      let ragged = try run(command + ["0"], input: pattern(700, seed: 5), in: folder)
      #expect(ragged.status == 1)
      #expect(ragged.error.contains("ends 188 bytes into a block of 512"))
      let long = try run(command + ["127"], input: pattern(1024, seed: 6), in: folder)
      #expect(long.status == 1)
      #expect(long.error.contains("larger than the disk from sector 127 on: 512 bytes were written"))
    }
  }

  @Test func blkWrite_toAReadOnlyDisk_isRefused() throws {
    try withDisk(pattern(4096, seed: 7), export: "writable=off") { folder in
      let ending = try run(
        ["blk", "write", "--vhost-user", "disk.sock", "--sector", "0"], input: Data(count: 512), in: folder)
      #expect(ending.status == 1)
      #expect(ending.error == "vireo: the disk behind 'disk.sock' is read-only\n")
    }
  }

  @Test func inspect_tellsDeviceAndDriver_andTraces() throws {
    try withDisk(Data(count: 1 << 20), export: "writable=on,num-queues=3") { folder in
      let ending = try run(["inspect", "--vhost-user", "disk.sock", "--trace", "trace"], in: folder)
      #expect(ending.status == 0, "\(ending.error)")
      for words in [
        "VIRTIO_BLK_F_FLUSH", "queues         3", "capacity                       2048 sectors of 512 bytes",
        "num_queues                     3 request queues", "1048576 bytes in blocks of 512, writable",
        "identifier   \"vhost_user_blk\"", "diagnosis      healthy: 1 requests are done",
      ] {
        #expect(ending.text.contains(words), "\(words) in\n\(ending.text)")
      }
      let trace = try String(contentsOf: folder.appendingPathComponent("trace"), encoding: .utf8)
      for words in [
        "> GET_FEATURES", "< GET_QUEUE_NUM 3", "> SET_VRING_ADDR queue 0",
        "queue 0: available 0: chain 0: 16 bytes to read",
        "[08 00 00 00", "queue 0: kick", "queue 0: used 0: chain 0, 21 bytes written", "> GET_VRING_BASE queue 0",
      ] {
        #expect(trace.contains(words), "\(words) in\n\(trace)")
      }
    }
  }

  /// Whatever it does otherwise: what is drawn in QEMU's own format arrives.
  @Test(.enabled(if: !FileManager.default.isWritableFile(atPath: "/dev/udmabuf")))
  func inspect_ofAGPU_tellsWhatArrives() throws {
    let temporary = try TemporaryFolder()
    let daemon = try GPUDaemon(socketPath: temporary.path("gpu.sock"))
    defer { daemon.process.kill() }
    let folder = URL(fileURLWithPath: temporary.path)
    let ending = try run(
      ["inspect", "--vhost-user", "gpu.sock", "--type", "gpu", "--trace", "trace"], in: folder)
    for words in [
      "VIRTIO_F_VERSION_1", "queues         2", "num_scanouts                   as many displays as there are here: 2",
      "display 0    1280x800 at 0, 0", "display 1    640x480 at 1280, 0", "format bgrx  arrives pixel by pixel",
      "format bgra  arrives pixel by pixel", "diagnosis      healthy",
    ] {
      #expect(ending.text.contains(words), "\(words) in\n\(ending.text)\n\(ending.error)")
    }
    // QEMU 7.2's breaks a rule, see Documentation/VhostUser.md.
    #expect(ending.status == (ending.text.contains("problem  ") ? 1 : 0))
    #expect(!ending.text.contains("does not arrive"))
    let trace = try String(contentsOf: folder.appendingPathComponent("trace"), encoding: .utf8)
    #expect(trace.contains("> GPU_SET_SOCKET with 1 descriptor(s)"))
  }

  @Test func bench_asJSON_hasItsFigures() throws {
    try withDisk(Data(count: 1 << 20)) { folder in
      let ending = try run(
        [
          "bench", "blk", "--vhost-user", "disk.sock", "--depth", "4", "--seconds", "1", "--block-size", "512",
          "--json",
        ],
        in: folder)
      #expect(ending.status == 0, "\(ending.error)")
      let json = try JSONSerialization.jsonObject(with: ending.output) as? [String: Any]
      #expect(json?["depth"] as? Int == 4)
      #expect(json?["blockBytes"] as? Int == 512)
      let requests = try #require(json?["requests"] as? Int)
      #expect(requests > 0)
      let latency = try #require(json?["latencyNanoseconds"] as? [String: Any])
      let buckets = try #require(latency["histogram"] as? [[Int]])
      #expect(buckets.reduce(0) { $0 + $1[1] } == requests)
    }
  }

  @Test func badWords_areToldInALine() throws {
    try withDisk(Data(count: 4096)) { folder in
      for (arguments, words) in [
        (["blk", "read"], "--vhost-user is missing"),
        (["blk", "read", "--vhost-user"], "--vhost-user needs a value"),
        (["blk", "read", "--vhost-user", "none"], "'none' does not exist"),
        (["blk", "read", "--vhost-user", "disk.img"], "'disk.img' is no socket"),
        (["blk", "read", "--vhost-user", "disk.sock", "--sector", "8"], "--sector 8: expected one below 8"),
        (["blk", "read", "--vhost-user", "disk.sock", "--sector", "-1"], "--sector '-1': expected a whole number"),
        (["blk", "read", "--vhost-user", "disk.sock", "--count", "9"], "--count 9: expected at most 8"),
        (["blk", "write", "--vhost-user", "disk.sock"], "--sector is missing"),
        (["bench", "blk", "--vhost-user", "disk.sock", "--depth", "0"], "--depth '0': expected a whole number"),
        (
          ["bench", "blk", "--vhost-user", "disk.sock", "--block-size", "1000"], "--block-size '1000': expected a mult"
        ),
        (["bench", "blk", "--vhost-user", "disk.sock", "--block-size", "8192"], "the disk has only 4096 bytes"),
        (["inspect", "--vhost-user", "disk.sock", "--type", "toaster"], "--type 'toaster': expected block"),
        (["inspect", "--vhost-user", "disk.sock", "--trace", "no/where"], "--trace 'no/where': cannot be written"),
        (["inspect", "--frobnicate"], "unknown argument '--frobnicate'"),
      ] {
        let ending = try run(arguments, in: folder)
        #expect(ending.status == 2, "\(arguments): \(ending.error)")
        #expect(ending.error.contains("vireo: ") && ending.error.contains(words), "\(arguments): \(ending.error)")
        #expect(ending.output.isEmpty || arguments[0] == "inspect")
      }
    }
  }
}
