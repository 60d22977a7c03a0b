import Testing
import VirtualMachine

@Suite struct ScreenshotTests {
  private func file(_ header: String, _ count: Int) -> [UInt8] { Array(header.utf8) + (0..<count).map { UInt8($0) } }

  @Test func pixels_areFoundByColumnAndRow() throws {
    let picture = try Screenshot(ppm: file("P6\n2 3\n255\n", 18))
    #expect(picture.width == 2 && picture.height == 3)
    #expect(picture[0, 0] == .init(red: 0, green: 1, blue: 2))
    #expect(picture[1, 2] == .init(red: 15, green: 16, blue: 17))
  }

  /// QEMU's rows: 9 bytes of pixels, 3 of nothing.
  @Test func rowsThatAreFilledUp_areCutOff() throws {
    let picture = try Screenshot(ppm: file("P6\n3 2\n255\n", 24))
    #expect(picture.bytes == (0..<9).map { $0 } + (12..<21).map { $0 })
    #expect(picture[0, 1] == .init(red: 12, green: 13, blue: 14))
  }

  @Test(arguments: [
    ("", 0), ("P6", 0), ("P5\n2 3\n255\n", 18), ("P6\n2 3\n255\n", 17), ("P6\n2 3\n255\n", 19),
    ("P6\n3 2\n255\n", 20), ("P6\n3 2\n255\n", 23),
    ("P6\n2 3\n65535\n", 18),
    ("P6\n0 3\n255\n", 0), ("P6\n-2 -3\n255\n", 18), ("P6\n99999999999 3\n255\n", 18), ("P6\n2 x\n255\n", 18),
  ]) func otherFiles_areRefused(_ header: String, count: Int) {
    #expect(throws: VirtualMachineError.self) { try Screenshot(ppm: file(header, count)) }
  }
}
