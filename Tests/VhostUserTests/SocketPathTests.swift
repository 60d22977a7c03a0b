import DevicePlatform
import Foundation
import Glibc
import Testing
import VhostUser
import VirtIO

/// Paths with no back-end behind them.
@Suite(.timeLimit(.minutes(1))) struct SocketPathTests {
  private func error(_ path: String, _ options: VhostUserOptions = VhostUserOptions()) -> VhostUserError? {
    do throws(VhostUserError) {
      _ = try VhostUserDevice(path: path, type: .block, options: options)
      return nil
    } catch { return error }
  }

  /// A folder that is gone when `body` is done.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vhost-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// A socket in a file; the caller closes it.
  private func bind(_ path: String, _ kind: __socket_type) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(kind.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // A path of the test's own, shorter than the field.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    unsafe withUnsafePointer(to: &address) {
      _ = unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return descriptor
  }

  @Test func nothingThere_isTold() {
    let found = error("/nowhere/disk.sock")
    #expect(found == .unreachable(path: "/nowhere/disk.sock", errno: ENOENT))
    #expect(found?.words == "'/nowhere/disk.sock' does not exist, expected the socket of a vhost-user back-end")
  }

  @Test func fileThatIsNoSocket_isTold() throws {
    try withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/file"))
      #expect(error(folder + "/file") == .unreachable(path: folder + "/file", errno: ENOTSOCK))
      #expect(error(folder) == .unreachable(path: folder, errno: ENOTSOCK))
    }
  }

  @Test func staleSocket_isTold() throws {
    try withFolder { folder in
      close(bind(folder + "/stale", SOCK_STREAM))
      let found = error(folder + "/stale")
      #expect(found == .unreachable(path: folder + "/stale", errno: ECONNREFUSED))
      #expect(found?.words.contains("left behind") == true)
    }
  }

  @Test func socketOfAnotherKind_isTold() throws {
    try withFolder { folder in
      let descriptor = bind(folder + "/datagrams", SOCK_DGRAM)
      defer { close(descriptor) }
      #expect(error(folder + "/datagrams") == .unreachable(path: folder + "/datagrams", errno: EPROTOTYPE))
    }
  }

  @Test func listenerThatNeverAccepts_endsAtTheDeadline() throws {
    try withFolder { folder in
      let descriptor = bind(folder + "/deaf", SOCK_STREAM)
      defer { close(descriptor) }
      listen(descriptor, 1)
      var options = VhostUserOptions()
      options.timeout = .milliseconds(50)
      #expect(error(folder + "/deaf", options) == .timedOut(request: .getFeatures, milliseconds: 50))
    }
  }

  @Test func pathTooLong_isTold() {
    let path = "/" + String(repeating: "x", count: 200)
    #expect(error(path) == .unreachable(path: path, errno: ENAMETOOLONG))
  }
}
