import FirmwareConfiguration
import Testing
import VirtIOTestSupport

/// The directory, true and false.
struct FirmwareDirectoryTests {
  private func error(_ bench: Bench, limit: Int = 1024) throws -> FirmwareError? {
    var firmware = try bench.open()
    return failure { () throws(FirmwareError) in _ = try firmware.directory(limit: limit) }
  }

  @Test(arguments: [false, true]) func directory_someFiles_listsThemInOrder(isPortMapped: Bool) throws {
    let bench = Bench(isPortMapped: isPortMapped)
    let longest = String(repeating: "n", count: 55)
    bench.device.addFile("opt/vireo test", number: 0x3fff, bytes(300))
    bench.device.addFile(longest, number: 0x20, [])
    var firmware = try bench.open()
    let files = try firmware.directory()
    #expect(files.map(\.name) == ["opt/vireo test", longest])
    #expect(files.map(\.item.rawValue) == [0x3fff, 0x20])
    #expect(files.map(\.byteCount) == [300, 0])
    #expect(try firmware.file(named: longest) == files[1])
    #expect(try firmware.file(named: longest + "n") == nil)
    #expect(try firmware.file(named: "opt/vireo") == nil)
    #expect(bench.isClean)
  }

  @Test func directory_noFiles_isEmpty() throws {
    var firmware = try Bench().open()
    #expect(try firmware.directory() == [])
  }

  @Test func directory_countAboveTheLimit_isRefusedBeforeTheFirstEntry() throws {
    let bench = Bench()
    for number in 0..<3 { bench.device.addFile("f\(number)", number: 0x20 + UInt16(number), []) }
    #expect(try error(bench, limit: 3) == nil)
    let reads = bench.device.dataReads
    #expect(try error(bench, limit: 2) == .directoryTooLong(count: 3, limit: 2))
    #expect(bench.device.dataReads == reads + 8 + 4)
    bench.device.setDirectoryCount(.max)
    #expect(try error(bench) == .directoryTooLong(count: .max, limit: 1024))
    // However much a caller allows, there are no more numbers than these.
    #expect(try error(bench, limit: .max) == .directoryTooLong(count: .max, limit: 0x3fe0))
  }

  @Test func directory_countAboveTheTruth_endsAtTheFirstEntryThatIsNone() throws {
    let bench = Bench()
    bench.device.addFile("only", number: 0x20, [1])
    bench.device.setDirectoryCount(1000)
    #expect(try error(bench) == .entryNumberInvalid(index: 1, item: 0))
  }

  @Test(arguments: [0, 0x19, 0x1f, 0x4020, 0x8020, 0xffff] as [UInt16])
  func directory_numberOfNoFile_isRefused(number: UInt16) throws {
    let bench = Bench()
    bench.device.addEntry(name: Array("a".utf8), number: number, byteCount: 1)
    #expect(try error(bench) == .entryNumberInvalid(index: 0, item: number))
  }

  @Test(arguments: [[], [UInt8](repeating: 0x61, count: 56), [0x61, 0x1f], [0x7f], [0xc3, 0xa4]])
  func directory_nameThatIsNone_isRefused(name: [UInt8]) throws {
    let bench = Bench()
    bench.device.addFile("good", number: 0x20, [])
    bench.device.addEntry(name: name, number: 0x21, byteCount: 1)
    #expect(try error(bench) == .entryNameInvalid(index: 1))
  }

  @Test func directory_sameNameOrNumberTwice_isRefused() throws {
    let names = Bench()
    for number in 0..<3 { names.device.addFile(number == 2 ? "f1" : "f\(number)", number: 0x20 + UInt16(number), []) }
    #expect(try error(names) == .entryRepeated(index: 2, first: 1))
    let numbers = Bench()
    for number in 0..<3 { numbers.device.addFile("f\(number)", number: 0x20 + UInt16(number) % 2, []) }
    #expect(try error(numbers) == .entryRepeated(index: 2, first: 0))
  }

  @Test func contents_fileAboveTheLimit_isRefusedUnread() throws {
    let bench = Bench()
    bench.device.addEntry(name: Array("big".utf8), number: 0x20, byteCount: .max)
    var firmware = try bench.open()
    let file = try firmware.directory()[0]
    let reads = bench.device.dataReads
    let error = failure { () throws(FirmwareError) in _ = try firmware.contents(of: file, limit: 4096) }
    #expect(error == .tooLarge(byteCount: .max, limit: 4096))
    #expect(bench.device.dataReads == reads)
  }
}
