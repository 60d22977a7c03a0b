// `vireo blk write`

import DevicePlatform
import Foundation
import VhostUser
import VirtIO
import VirtIOBlock

enum BlockWriteCommand {
  static let usage = "vireo blk write \(DeviceOptions.usage) --sector N"

  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var options = DeviceOptions()
    var first: UInt64?
    while let option = rest.next() {
      if try options.take(option, &rest) { continue }
      switch option {
      case "--sector": first = try rest.number(of: option, in: 0...UInt64.max / 512)
      default: throw rest.unknown(option)
      }
    }
    guard let first else { throw UsageError("--sector is missing: where to write is never assumed\nusage: \(usage)") }
    let device = try options.connect(.block, usage: usage)
    var session = try BlockSession(device, timeoutSeconds: options.timeoutSeconds)
    let geometry = session.disk.geometry
    guard !geometry.isReadOnly else { throw ToolError("the disk behind '\(device.path)' is read-only") }
    let room = try BlockRange(first: first, count: nil, of: geometry)
    var progress = TransferProgress(verb: "written", byteCount: nil, from: session.waiter.now)
    let problem = try write(&session, room, &progress)
    do throws(BlockError) {
      try session.disk.flush(waiter: &session.waiter, timeout: session.timeout)
    } catch {
      let cause = DeviceProblem(error, of: device)
      throw DeviceProblem("the flush after the last write: \(cause.words)", clause: cause.clause)
    }
    session.warnOfFalseLengths()
    try session.shutDown()
    progress.finish(at: LinuxClock().now)
    if let problem { throw problem }
    return 0
  }

  /// Writes whole blocks as they come, several requests at a time.
  ///
  /// - Returns: what was wrong with the input, after all of it that could be written was.
  private static func write(
    _ session: inout BlockSession, _ room: BlockRange, _ progress: inout TransferProgress
  ) throws -> ToolError? {
    let chunk = Int(BlockCopy.chunkSectors(session.disk.geometry)) * 512
    let block = Int(session.disk.geometry.blockByteCount)
    var started: UInt64 = 0
    var problem: ToolError?
    /// Where each request in flight writes, by token.
    var offsets: [Int: UInt64] = [:]
    var isAtEnd = false
    while true {
      while !isAtEnd, offsets.count < min(BlockCopy.depth, session.disk.capacity) {
        var bytes = try StandardInput.read(upTo: chunk)
        isAtEnd = bytes.count < chunk
        let rest = bytes.count % block
        if rest != 0 {
          problem = ToolError(
            "standard input ends \(rest) bytes into a block of \(block): these were not written, all before them was")
          bytes.removeLast(rest)
        }
        let space = room.byteCount - started * 512
        if UInt64(bytes.count) > space {
          problem = ToolError(
            "standard input is larger than the disk from sector \(room.first) on: \(room.byteCount) bytes were written")
          bytes = bytes.prefix(Int(space))
          isAtEnd = true
        }
        if bytes.isEmpty { break }
        var buffer = try session.device.memory.allocate(byteCount: bytes.count)
        buffer.copyBytes(from: bytes.bytes)
        switch session.disk.startWrite(sector: room.first + started, from: buffer) {
        case .accepted(let token): offsets[token.number] = started
        case .refused(let refusal, _): throw ToolError(refusal.words)
        }
        started += UInt64(bytes.count / 512)
      }
      session.observeRings()
      session.disk.publish()
      if offsets.isEmpty { return problem }
      let completion = try session.next()
      let result = completion.result
      guard let offset = offsets.removeValue(forKey: completion.token.number) else { continue }
      let byteCount = completion.takeBuffer().count
      guard result == .done else {
        throw ToolError(
          "sectors \(room.first + offset) to \(room.first + offset + UInt64(byteCount / 512)): \(result.words)")
      }
      progress.add(byteCount, at: LinuxClock().now)
    }
  }
}

enum StandardInput {
  /// Reads so many bytes; fewer only at the end.
  static func read(upTo count: Int) throws(ToolError) -> Data {
    var result = Data()
    do {
      while result.count < count {
        guard let more = try FileHandle.standardInput.read(upToCount: count - result.count), !more.isEmpty else {
          break
        }
        result.append(more)
      }
    } catch {
      throw ToolError("standard input: \(Terminal.reason(error))")
    }
    return result
  }
}
