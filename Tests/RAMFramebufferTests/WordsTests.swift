import DevicePlatform
import FirmwareConfiguration
import RAMFramebuffer
import Testing

/// What goes wrong says so in one line: what, which value, what was expected.
struct WordsTests {
  @Test(
    arguments: [
      (.missing, "no ramfb: the firmware configuration has no file etc/ramfb"),
      (.wrongFileSize(byteCount: 27), "ramfb: a file of 27 bytes, expected 28"),
      (
        .invalidSize(width: 15, height: 12_001), "ramfb: 15x12001 pixels, expected 16 to 16000 by 16 to 12000"
      ),
      (
        .invalidRow(byteCount: 65, least: 64), "ramfb: rows of 65 bytes, expected 64 to 1048576 and a multiple of 4"
      ),
      (
        .memory(.outOfMemory(byteCount: 7, alignment: 8)), DMAError.outOfMemory(byteCount: 7, alignment: 8).words
      ),
    ] as [(RAMFramebufferError, String)])
  func error_inWords_hasItsValues(_ error: RAMFramebufferError, _ words: String) { #expect(error.words == words) }
}
