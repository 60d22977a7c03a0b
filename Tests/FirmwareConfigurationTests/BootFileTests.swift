import FirmwareConfiguration
import Testing
import VirtIOTestSupport

/// Kernel, initial RAM disk and command line.
struct BootFileTests {
  @Test func bootFile_nothingThere_isNil() throws {
    var firmware = try Bench().open()
    for part in BootFile.allCases { #expect(try firmware.bootFile(part) == nil) }
    #expect(try firmware.commandLine() == nil)
  }

  @Test func bootFile_kernelAndDisk_areReadLikeFiles() throws {
    let bench = Bench(isPortMapped: true)
    bench.device.setItem(0x08, [0x2c, 0x01, 0, 0])
    bench.device.setItem(0x11, bytes(300))
    bench.device.setItem(0x0b, [5, 0, 0, 0])
    bench.device.setItem(0x12, bytes(5, seed: 9))
    var firmware = try bench.open()
    let kernel = try #require(try firmware.bootFile(.kernel))
    #expect(kernel.byteCount == 300)
    #expect(try firmware.contents(of: kernel, limit: 300) == bytes(300))
    let disk = try #require(try firmware.bootFile(.initialDisk))
    #expect(try firmware.contents(of: disk, limit: 300) == bytes(5, seed: 9))
    #expect(bench.device.violations == [])
  }

  @Test func commandLine_withItsZero_isTheText() throws {
    let bench = Bench()
    bench.device.setItem(0x14, [8, 0, 0, 0])
    bench.device.setItem(0x15, Array("a=b tour\0".utf8))
    var firmware = try bench.open()
    #expect(try firmware.commandLine() == "a=b tour")
    bench.device.setItem(0x14, [9, 0, 0, 0])
    #expect(try firmware.commandLine() == "a=b tour")
    let error = failure { () throws(FirmwareError) in _ = try firmware.commandLine(limit: 8) }
    #expect(error == .tooLarge(byteCount: 9, limit: 8))
  }
}
