import DevicePlatform
import Foundation
import QTest

/// A disk of which every sector is known at every moment: its bytes follow from its number and how often it was written.
struct StressDisk {
  static let sectorCount = 4096
  private(set) var generations = [UInt32](repeating: 0, count: sectorCount)
  private var isBusy = [Bool](repeating: false, count: sectorCount)
  private var random: UInt64

  /// - Parameter seed: what is done with which sector follows from it.
  init(seed: UInt64) { random = seed }

  /// A disk as it is before any write.
  static func file() throws -> MemoryFile {
    let disk = StressDisk(seed: 0)
    return try MemoryFile(
      contents: (0..<sectorCount).flatMap { disk.bytes($0) })
  }

  /// The next number of a sequence that follows from the seed: SplitMix64.
  mutating func next() -> UInt64 {
    random &+= 0x9e37_79b9_7f4a_7c15
    var mixed = random
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// A sector that no request is on; there has to be one.
  mutating func takeIdleSector() -> Int {
    while true {
      let sector = Int(next() % UInt64(Self.sectorCount))
      if isBusy[sector] { continue }
      isBusy[sector] = true
      return sector
    }
  }

  /// A request on the sector is over.
  mutating func release(_ sector: Int) { isBusy[sector] = false }

  /// The sector is about to be written: its new contents.
  mutating func rewrite(_ sector: Int, into buffer: inout DMABuffer) {
    generations[sector] += 1
    buffer.fill(with: bytes(sector)[...])
  }

  /// True if a buffer has what the sector has to have.
  func matches(_ sector: Int, _ buffer: borrowing DMABuffer) -> Bool {
    buffer.count == 512 && buffer.array(512) == bytes(sector)
  }

  /// The sectors that the file has otherwise.
  func differences(from file: MemoryFile) throws -> [Int] {
    try (0..<Self.sectorCount).filter { sector in
      try file.read(at: sector * 512, byteCount: 512) != bytes(sector)
    }
  }

  /// What the sector has to have: 64 words, each its own.
  private func bytes(_ sector: Int) -> [UInt8] {
    let first = (UInt64(sector) << 32 | UInt64(generations[sector])) &* 0xd6e8_feb8_6659_fd93
    let words = (0..<64 as Range<UInt64>).map { first &+ $0 &* 0xa076_1d64_78bd_642f }
    // Any byte of a word is a byte.
    return unsafe words.withUnsafeBytes { unsafe Array($0) }
  }
}
