// Reads a range of a disk, several requests at a time, and hands the bytes over in order.

import DevicePlatform
import Foundation
import VhostUser
import VirtIO
import VirtIOBlock

struct BlockCopy {
  private let sectors: BlockRange
  /// Bytes of a request, unless the disk allows fewer.
  static let chunkByteCount = 256 << 10
  static let depth = 16

  init(_ sectors: BlockRange) { self.sectors = sectors }

  mutating func run(_ session: inout BlockSession, _ sink: (Data) throws -> Void) throws {
    let chunk = Self.chunkSectors(session.disk.geometry)
    var started: UInt64 = 0
    var delivered: UInt64 = 0
    /// What each request in flight reads, by token.
    var offsets: [Int: UInt64] = [:]
    /// What has been read and is not yet its turn.
    var waiting: [UInt64: Data] = [:]
    while delivered < sectors.count {
      while started < sectors.count, offsets.count < min(Self.depth, session.disk.capacity),
        started - delivered < UInt64(4 * Self.depth) * chunk
      {
        let count = min(chunk, sectors.count - started)
        let buffer = try session.device.memory.allocate(byteCount: Int(count) * 512)
        switch session.disk.startRead(sector: sectors.first + started, into: buffer) {
        case .accepted(let token): offsets[token.number] = started
        case .refused(let refusal, _): throw ToolError(refusal.words)
        }
        started += count
      }
      session.observeRings()
      session.disk.publish()
      let completion = try session.next()
      let result = completion.result
      guard let offset = offsets.removeValue(forKey: completion.token.number) else { continue }
      let buffer = completion.takeBuffer()
      guard result == .done else {
        throw ToolError(
          "sectors \(sectors.first + offset) to \(sectors.first + offset + UInt64(buffer.count / 512)): \(result.words)"
        )
      }
      waiting[offset] = Data(buffer.array(buffer.count))
      while let bytes = waiting.removeValue(forKey: delivered) {
        try sink(bytes)
        delivered += UInt64(bytes.count / 512)
      }
    }
  }

  /// Sectors of a request: whole blocks, in one segment that the disk takes.
  static func chunkSectors(_ geometry: BlockGeometry) -> UInt64 {
    let limit = min(chunkByteCount, Int(clamping: geometry.segmentSizeLimit ?? .max))
    let block = Int(geometry.blockByteCount)
    return UInt64(max(block, limit / block * block) / 512)
  }
}
