import DevicePlatform
import Drawing
import Testing
import VirtIO
import VirtIOGPU

/// What goes wrong says so in one line: what, which value, what was expected.
struct WordsTests {
  @Test(
    arguments: [
      (.displayInformation, "tell its displays"), (.createResource, "create a resource"),
      (.destroyResource, "destroy a resource"), (.setScanout, "set a scanout"), (.flush, "flush a resource"),
      (.transfer, "transfer to a resource"), (.attachBacking, "attach memory to a resource"),
      (.detachBacking, "detach memory from a resource"), (.edid, "tell a display's EDID"),
      (.updateCursor, "update the cursor"), (.moveCursor, "move the cursor"),
    ] as [(GPUCommand, String)])
  func answer_thatIsWrong_namesItsCommand(_ command: GPUCommand, _ words: String) {
    #expect(GPUError.fenceMissing(command).words == "an answer without its fence when asked to \(words)")
    #expect(
      GPUError.wrongFence(command, found: 7, expected: 8).words
        == "an answer with fence 7 when asked to \(words), expected 8")
    #expect(
      GPUError.unexpectedAnswer(command, found: 0x1299, expected: 0x1100).words
        == "answer 0x1299 when asked to \(words), expected 0x1100")
    #expect(
      GPUError.answerTooShort(command, found: 23, needed: 24).words
        == "an answer of 23 bytes when asked to \(words), expected 24")
    #expect(
      GPUError.timedOut(command, status: DeviceStatus(rawValue: 15)).words
        == "no answer in time when asked to \(words), device status 15")
  }

  @Test(
    arguments: [
      (.unspecified, "no reason given"), (.outOfMemory, "out of memory"), (.invalidScanout, "invalid scanout"),
      (.invalidResource, "invalid resource"), (.invalidContext, "invalid context"),
      (.invalidParameter, "invalid parameter"),
    ] as [(GPURejection, String)])
  func rejection_inWords_hasTheDevicesReason(_ rejection: GPURejection, _ words: String) {
    #expect(GPUError.rejected(.flush, rejection).words == "the device refused to flush a resource: \(words)")
  }

  @Test(
    arguments: [
      (.invalidSize(width: 0, height: 20_000), "a surface of 0x20000, expected sides from 1 to 16384"),
      (.tooManySurfaces(limit: 4), "there are 4 surfaces, as many as were asked for"),
      (.surfaceUnknown, "the surface was destroyed, or is another device's"),
      (.surfaceShown(scanout: 1), "the surface is shown on scanout 1"),
      (.scanoutUnknown(index: 2, count: 2), "scanout 2, expected a number below 2"),
      (
        .areaOutside(Rectangle(x: 5, y: 6, width: 7, height: 8), width: 9, height: 10),
        "an area of 7x8 at 5, 6 of a surface of 9x10"
      ),
      (.cursorSize(width: 32, height: 64), "a cursor of 32x64, expected 64x64"),
      (.notNegotiated(.GPU.edid), "this needs feature bits 0x2, which were not negotiated"),
      (.busy, "the queue is full"), (.refused(.full), "the queue is full"),
      (
        .invalidDisplay(index: 3, width: 0, height: 7), "display 3 is enabled with 0x7, expected sides from 1 to 16384"
      ),
      (
        .deviceGaveUp(status: DeviceStatus(rawValue: 79)), "the device asked for a reset: device status 79"
      ),
      (.deviceReset, "the device was reset and does nothing more"),
    ] as [(GPUError, String)])
  func error_inWords_hasItsValues(_ error: GPUError, _ words: String) { #expect(error.words == words) }

  @Test func error_inWords_isThatOfItsCause() {
    let memory = DMAError.outOfMemory(byteCount: 7, alignment: 8)
    #expect(GPUError.memory(memory).words == memory.words)
    #expect(GPUError.deviceAbsent.words == BringupError.deviceAbsent.words)
    #expect(GPUError.deviceFailed(.idUnknown(99)).words == QueueFault.idUnknown(99).words)
    #expect(GPUError.edid(.badHeader).words == EDIDError.badHeader.words)
  }

  @Test(
    arguments: [
      (.tooShort(byteCount: 127), "an EDID of 127 bytes, expected at least 128"),
      (.tooLong(byteCount: 5000), "an EDID of 5000 bytes, expected at most 1024"),
      (.badHeader, "the EDID does not begin with 00 ff ff ff ff ff ff 00"),
      (
        .badChecksum(block: 1, remainder: 9), "the bytes of EDID block 1 add up to 9 modulo 256, expected 0"
      ),
      (
        .badExtensionCount(count: 3, present: 1), "the EDID says that 3 blocks follow its first one, 1 do"
      ),
    ] as [(EDIDError, String)])
  func description_thatIsWrong_saysHow(_ error: EDIDError, _ words: String) { #expect(error.words == words) }

  @Test func error_ofARule_namesTheClause() {
    let fencing = GPUError.fenceMissing(.flush).clause
    #expect(fencing?.hasSuffix("Command lifecycle and fencing") == true)
    #expect(GPUError.wrongFence(.flush, found: 1, expected: 2).clause == fencing)
    #expect(GPUError.deviceFailed(.idUnknown(9)).clause == QueueFault.idUnknown(9).clause)
    #expect(GPUError.notNegotiated(.GPU.edid).clause?.hasSuffix("Feature Bits") == true)
    #expect(GPUError.busy.clause == nil)
  }
}
