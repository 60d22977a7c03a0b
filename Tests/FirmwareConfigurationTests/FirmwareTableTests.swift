import FirmwareConfiguration
import Testing
import VirtIOTestSupport

/// Lists of ACPI tables and SMBIOS structures, true and false.
struct FirmwareTableTests {
  private func table(_ signature: String, _ byteCount: Int, says: UInt32? = nil) -> [UInt8] {
    let length = says ?? UInt32(byteCount)
    let head = Array(signature.utf8) + (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(8 * $0)) }
    return head + [UInt8](repeating: 0x55, count: max(0, byteCount - 8))
  }

  @Test func acpiTables_withPadding_areListed() throws {
    let bench = Bench()
    let blob =
      table("FACS", 64) + table("DSDT", 1001) + [0, 0, 0] + table("MCFG", 60) + [UInt8](repeating: 0, count: 99)
    bench.device.addFile("etc/acpi/tables", number: 0x20, blob)
    var firmware = try bench.open()
    var waiter = TestWaiter(limit: 0)
    let tables = try firmware.acpiTables(waiter: &waiter)
    #expect(tables.map(\.signature) == ["FACS", "DSDT", "MCFG"])
    #expect(tables.map(\.offset) == [0, 64, 1068])
    #expect(tables.map(\.byteCount) == [64, 1001, 60])
    #expect(try Bench().open().features.contains(.dma))
  }

  @Test func tables_noSuchFile_isAnEmptyList() throws {
    var firmware = try Bench().open()
    var waiter = TestWaiter(limit: 0)
    #expect(try firmware.acpiTables(waiter: &waiter) == [])
    #expect(try firmware.smbiosStructures(waiter: &waiter) == [])
  }

  @Test(arguments: [0, 8, 35, 65, UInt32.max])
  func acpiTable_lengthThatCannotBe_isRefused(length: UInt32) {
    let blob = table("FACS", 64) + table("DSDT", 64, says: length)
    let error = failure { () throws(FirmwareError) in _ = try ACPITable.list(blob) }
    #expect(error == .tableMalformed("ACPI tables", offset: 64))
  }

  @Test func acpiTable_cutShort_isRefused() {
    for count in 1..<64 {
      let error = failure { () throws(FirmwareError) in _ = try ACPITable.list(Array(table("DSDT", 64)[..<count])) }
      #expect(error == .tableMalformed("ACPI tables", offset: 0))
    }
  }

  @Test func smbiosStructures_withAndWithoutStrings_areListedUpToTheEnd() throws {
    let bench = Bench()
    let firmware: [UInt8] = [0, 6, 0x00, 0x01, 1, 2] + Array("SeaBIOS\0rel\0\0".utf8)
    let plain: [UInt8] = [32, 5, 0x02, 0x20, 9, 0, 0]
    let end: [UInt8] = [127, 4, 0x7f, 0x00, 0, 0]
    bench.device.addFile("etc/smbios/smbios-tables", number: 0x20, firmware + plain + end + [1, 2, 3])
    var opened = try bench.open()
    var waiter = TestWaiter(limit: 0)
    let list = try opened.smbiosStructures(waiter: &waiter)
    #expect(list.map(\.kind) == [0, 32, 127])
    #expect(list.map(\.handle) == [0x100, 0x2002, 0x7f])
    #expect(list.map(\.byteCount) == [6, 5, 4])
    #expect(list.map(\.offset) == [0, firmware.count, firmware.count + plain.count])
  }

  @Test(arguments: [[1, 3, 0, 0, 0, 0], [1, 40, 0, 0, 0, 0], [1, 4, 0], [1, 4, 0, 0, 65, 66], [1, 4, 0, 0, 0]])
  func smbiosStructure_thatCannotBe_isRefused(bytes: [UInt8]) {
    let error = failure { () throws(FirmwareError) in _ = try SMBIOSStructure.list(bytes) }
    #expect(error == .tableMalformed("SMBIOS structures", offset: 0))
  }

  @Test func lists_anyBytes_endWithoutTrap() {
    var state: UInt64 = 42
    for _ in 0..<2000 {
      var blob: [UInt8] = []
      for _ in 0..<64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        blob.append(UInt8(truncatingIfNeeded: state >> 56) & (state & 1 << 40 == 0 ? 0x0f : 0xff))
      }
      _ = failure { () throws(FirmwareError) in _ = try ACPITable.list(blob) }
      _ = failure { () throws(FirmwareError) in _ = try SMBIOSStructure.list(blob) }
    }
  }
}
