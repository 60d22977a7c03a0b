import Testing
import VirtIO
import VirtIOGPU
import VirtIOTestSupport

struct EDIDTests {
  /// A timing of 18 bytes, as the standard lays it out.
  static func timing(
    clock: Int, width: Int, blankX: Int, height: Int, blankY: Int, interlaced: Bool = false
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 18)
    func low(_ value: Int) -> UInt8 { UInt8(truncatingIfNeeded: value) }
    (bytes[0], bytes[1]) = (low(clock), low(clock >> 8))
    (bytes[2], bytes[3], bytes[4]) = (low(width), low(blankX), low((width >> 8) << 4 | blankX >> 8))
    (bytes[5], bytes[6], bytes[7]) = (low(height), low(blankY), low((height >> 8) << 4 | blankY >> 8))
    bytes[17] = interlaced ? 0x80 : 0
    return bytes
  }

  static func text(_ kind: UInt8, _ text: String) -> [UInt8] {
    ([0, 0, 0, kind, 0] + Array(text.utf8) + [0x0a] + [UInt8](repeating: 0x20, count: 13)).prefix(18).map { $0 }
  }

  static func sealed(_ block: [UInt8]) -> [UInt8] {
    var block = block
    block[127] = 0
    block[127] = 0 &- block.reduce(0) { $0 &+ $1 }
    return block
  }

  /// A display of 1920x1080 at 60 Hz that also does 1280x720, with a further timing in an extension.
  static var good: [UInt8] {
    var block = [UInt8](repeating: 0, count: 128)
    block.replaceSubrange(0..<8, with: [0, 255, 255, 255, 255, 255, 255, 0])
    // V, I, R as 22, 9, 18.
    let letters = 22 << 10 | 9 << 5 | 18
    (block[8], block[9]) = (UInt8(letters >> 8), UInt8(letters & 0xff))
    block.replaceSubrange(10..<16, with: [0x34, 0x12, 4, 3, 2, 1])
    (block[16], block[17], block[18], block[19]) = (1, 36, 1, 4)
    (block[21], block[22]) = (52, 29)
    for index in 38..<54 { block[index] = 1 }
    // 1280 wide, 16:9, 60 Hz.
    (block[38], block[39]) = (UInt8(1280 / 8 - 31 as Int), 0xc0)
    block.replaceSubrange(
      54..<72, with: timing(clock: 14850, width: 1920, blankX: 280, height: 1080, blankY: 45))
    block.replaceSubrange(72..<90, with: text(0xfc, "Vireo screen"))
    block.replaceSubrange(90..<108, with: text(0xff, "S-1"))
    block.replaceSubrange(108..<126, with: text(0xfd, ""))
    block[126] = 1
    var more = [UInt8](repeating: 0, count: 128)
    (more[0], more[1], more[2]) = (2, 3, 7)
    more.replaceSubrange(
      7..<25, with: timing(clock: 7425, width: 1920, blankX: 280, height: 540, blankY: 22, interlaced: true))
    return sealed(block) + sealed(more)
  }

  @Test func edid_isDecoded() throws {
    let edid = try EDID(Self.good)
    #expect(edid.version == 1 && edid.revision == 4 && edid.manufacturer == "VIR" && edid.product == 0x1234)
    #expect(edid.serial == 0x0102_0304 && edid.year == 2026 && edid.name == "Vireo screen" && edid.serialText == "S-1")
    #expect(edid.size?.width == 52 && edid.size?.height == 29 && edid.extensionCount == 1)
    let preferred = try #require(edid.preferredTiming)
    #expect(preferred.width == 1920 && preferred.height == 1080 && preferred.pixelClock == 148_500_000)
    #expect(preferred.horizontalBlanking == 280 && preferred.verticalBlanking == 45 && preferred.millihertz == 60_000)
    #expect(edid.timings.count == 2 && edid.timings[1].isInterlaced && edid.timings[1].height == 1080)
    #expect(edid.standardTimings.map { [$0.width, $0.height, $0.rate] } == [[1280, 720, 60]])
  }

  @Test(arguments: [0, 60, 127, 128, 200, 255]) func bit_flippedAnywhere_isFound(_ place: Int) {
    var bytes = Self.good
    bytes[place] ^= 4
    let error = failure { () throws(EDIDError) in _ = try EDID(bytes) }
    if place < 8 {
      #expect(error == .badHeader)
    } else {
      guard case .badChecksum(let block, let remainder) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(block == place / 128 && (remainder == 4 || remainder == 252))
    }
  }

  @Test func extensions_thatDidNotCome_areAnError() {
    var block = Array(Self.good[..<128])
    #expect(failure { () throws(EDIDError) in _ = try EDID(block) } == .badExtensionCount(count: 1, present: 0))
    block[126] = 255
    #expect(
      failure { () throws(EDIDError) in _ = try EDID(Self.sealed(block) + [UInt8](repeating: 0, count: 896)) }
        == .badExtensionCount(count: 255, present: 7))
    #expect(failure { () throws(EDIDError) in _ = try EDID([]) } == .tooShort(byteCount: 0))
    #expect(failure { () throws(EDIDError) in _ = try EDID(Array(block[..<127])) } == .tooShort(byteCount: 127))
  }

  /// Any bytes at all: a typed error or values, never a trap. Checksums are made right, so that all else is reached.
  @Test func bytes_ofAnyKind_neverTrap() {
    var random = SplitMix64(seed: 7)
    var decoded = 0
    for _ in 0..<3000 {
      var bytes = Self.good
      for _ in 0..<Int.random(in: 1...60, using: &random) {
        bytes[Int.random(in: 8..<256, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      bytes[126] = UInt8.random(in: 0...2, using: &random)
      bytes = Self.sealed(Array(bytes[..<128])) + Self.sealed(Array(bytes[128...]))
      do throws(EDIDError) {
        let edid = try EDID(bytes)
        for timing in edid.timings { _ = timing.millihertz }
        decoded += 1
      } catch {
        #expect(error == .badExtensionCount(count: 2, present: 1))
      }
    }
    #expect(decoded > 1500 && decoded < 2500)
  }

  @Test func edid_fromTheDevice_isDecodedAndChecked() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      bench.model.edid = Self.good
      #expect(try gpu.edid(ofScanout: 0, waiter: &waiter).name == "Vireo screen")
      bench.model.edid[50] ^= 1
      #expect(throws: GPUError.self) { _ = try gpu.edid(ofScanout: 0, waiter: &waiter) }
      bench.model.edid = Self.good
      for (size, expected) in [
        (0, .edid(.tooShort(byteCount: 0))), (1025, .edid(.tooLong(byteCount: 1025))),
        (.max, .edid(.tooLong(byteCount: .max))), (128, .edid(.badExtensionCount(count: 1, present: 0))),
      ] as [(UInt32, GPUError)] {
        bench.model.edidSize = size
        #expect(throws: expected) { _ = try gpu.edid(ofScanout: 0, waiter: &waiter) }
      }
      bench.model.edidSize = 256
      bench.lie(about: 0x10a) { $0.removeLast(1056 - 287) }
      #expect(throws: GPUError.answerTooShort(.edid, found: 287, needed: 288)) {
        _ = try gpu.edid(ofScanout: 0, waiter: &waiter)
      }
      bench.lie(about: 0x10a) { $0.removeLast(1056 - 288) }
      #expect(try gpu.edid(ofScanout: 0, waiter: &waiter).extensionCount == 1)
      #expect(throws: GPUError.scanoutUnknown(index: 1, count: 1)) { _ = try gpu.edid(ofScanout: 1, waiter: &waiter) }
    }
    #expect(bench.isClean)
  }

  @Test func edid_ofADeviceThatHasNone_isNotAskedFor() throws {
    let bench = Bench(features: [])
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      #expect(throws: GPUError.notNegotiated(.GPU.edid)) { _ = try gpu.edid(ofScanout: 0, waiter: &waiter) }
      #expect(bench.model.commands == [])
    }
    #expect(bench.isClean)
  }
}
