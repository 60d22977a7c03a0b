// `vireo blk read`

import DevicePlatform
import Foundation
import VhostUser
import VirtIO
import VirtIOBlock

enum BlockReadCommand {
  static let usage = "vireo blk read \(DeviceOptions.usage) [--sector N] [--count N]"

  static func perform(_ arguments: [String]) throws -> Int32 {
    var rest = Arguments(arguments, usage: usage)
    var options = DeviceOptions()
    var first: UInt64 = 0
    var count: UInt64?
    while let option = rest.next() {
      if try options.take(option, &rest) { continue }
      switch option {
      case "--sector": first = try rest.number(of: option, in: 0...UInt64.max / 512)
      case "--count": count = try rest.number(of: option, in: 1...UInt64.max / 512)
      default: throw rest.unknown(option)
      }
    }
    let device = try options.connect(.block, usage: usage)
    var session = try BlockSession(device, timeoutSeconds: options.timeoutSeconds)
    let sectors = try BlockRange(first: first, count: count, of: session.disk.geometry)
    let start = session.waiter.now
    var progress = TransferProgress(verb: "read", byteCount: sectors.byteCount, from: start)
    var copy = BlockCopy(sectors)
    try copy.run(&session) { bytes in
      try Terminal.write(bytes)
      progress.add(bytes.count, at: LinuxClock().now)
    }
    session.warnOfFalseLengths()
    try session.shutDown()
    progress.finish(at: LinuxClock().now)
    return 0
  }
}

/// Sectors that a command line asks for, on a disk that has them.
package struct BlockRange: Equatable, Sendable {
  package let first: UInt64
  package let count: UInt64

  package init(first: UInt64, count: UInt64?, of geometry: BlockGeometry) throws(UsageError) {
    try self.init(
      first: first, count: count, capacity: geometry.sectorCount, blockByteCount: Int(geometry.blockByteCount))
  }

  package init(first: UInt64, count: UInt64?, capacity: UInt64, blockByteCount: Int) throws(UsageError) {
    guard first < capacity || (first == 0 && count == nil) else {
      throw UsageError("--sector \(first): expected one below \(capacity), the number of the disk's sectors")
    }
    let left = capacity - first
    guard count ?? 0 <= left else {
      throw UsageError("--count \(count ?? 0): expected at most \(left), the disk has no more sectors from \(first) on")
    }
    let sectorsPerBlock = UInt64(blockByteCount / 512)
    let length = count ?? left
    guard first % sectorsPerBlock == 0, length % sectorsPerBlock == 0 else {
      throw UsageError(
        "sectors \(first) to \(first + length): expected multiples of \(sectorsPerBlock), the disk has blocks of "
          + "\(blockByteCount) bytes")
    }
    self.first = first
    self.count = length
  }

  package var byteCount: UInt64 { count * 512 }
}
