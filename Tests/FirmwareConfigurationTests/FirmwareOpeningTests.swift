import FirmwareConfiguration
import Testing
import VirtIOTestSupport

/// Is there an fw_cfg device, and what can it do?
struct FirmwareOpeningTests {
  @Test(arguments: [false, true]) func open_wholeDevice_hasBothInterfaces(isPortMapped: Bool) throws {
    let bench = Bench(isPortMapped: isPortMapped)
    do {
      let firmware = try bench.open()
      #expect(firmware.features == [.dataRegister, .dma])
      #expect(firmware.hasDMA == true)
      // Signature and features, four bytes each; nothing was transferred.
      #expect(bench.device.dataReads == 8 && bench.device.operations == [])
    }
    #expect(bench.isClean)
  }

  @Test(arguments: [(false, 10), (true, 2)])
  func open_deviceWithoutDMA_needsTheSmallWindowOnly(isPortMapped: Bool, byteCount: Int) throws {
    let bench = Bench(isPortMapped: isPortMapped)
    bench.device.setItem(1, [1, 0, 0, 0])
    let firmware = try bench.open(byteCount: byteCount)
    #expect(firmware.hasDMA == false)
    #expect(bench.openError(byteCount: byteCount - 1) == .windowTooSmall(byteCount: byteCount - 1, needed: byteCount))
    #expect(bench.isClean)
  }

  @Test func open_dmaBehindTheWindow_isRefused() {
    #expect(Bench().openError(byteCount: 16) == .windowTooSmall(byteCount: 16, needed: 24))
    #expect(Bench(isPortMapped: true).openError(byteCount: 2) == .windowTooSmall(byteCount: 2, needed: 12))
  }

  @Test(arguments: [Array("QEMu".utf8), [0xff, 0xff, 0xff, 0xff], []])
  func open_otherSignature_isRefused(signature: [UInt8]) {
    let bench = Bench()
    bench.device.setItem(0, signature)
    let found = (signature + [0, 0, 0, 0]).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    #expect(bench.openError() == .noSignature(found: found))
  }

  @Test func open_featuresWithoutDataRegister_isRefused() {
    let bench = Bench()
    bench.device.setItem(1, [2, 0, 0, 0])
    #expect(bench.openError() == .noDataRegister(features: 2))
  }

  @Test func open_otherDMASignature_isRefused() {
    let bench = Bench()
    bench.device.setDMASignature(Array("GFC UMEQ".utf8))
    #expect(bench.openError() == .noDMASignature(found: 0x4746_4320_554d_4551))
  }
}
