import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock

/// What goes wrong says so in one line: what, which value, what was expected.
struct WordsTests {
  @Test(
    arguments: [
      (.queue(.full), "the queue is full"),
      (.beyondCapacity(sector: 60, sectorCount: 8, capacity: 64), "sectors 60 to 68 go beyond the disk's end at 64"),
      (.readOnly, "the disk is read-only"),
      (
        .unaligned(sector: 3, byteCount: 512, blockByteCount: 4096),
        "sector 3 with 512 bytes is not in whole blocks of 4096 bytes"
      ),
      (.wrongSize(byteCount: 19, expected: 20), "a buffer of 19 bytes, expected 20"),
    ] as [(BlockRefusal, String)])
  func refusal_inWords_isWhatWasAsked(_ refusal: BlockRefusal, _ words: String) {
    #expect(refusal.words == words)
    #expect(BlockError.refused(refusal).words == words)
  }

  /// Where a request asks for more than there are numbers.
  @Test func refusal_pastTheLastSectorThereCanBe_doesNotTrap() {
    let refusal = BlockRefusal.beyondCapacity(sector: .max, sectorCount: 2, capacity: 64)
    #expect(refusal.words == "sectors \(UInt64.max) to 1 go beyond the disk's end at 64")
  }

  @Test(
    arguments: [
      (.done, "done"), (.ioError, "I/O error"), (.unsupported, "the device does not support this request"),
      (.unknownStatus(77), "unknown status 77, expected 0, 1 or 2"),
      (.noStatus, "the device left the status unwritten"),
      (.incomplete(written: 5, expected: 513), "the device wrote 5 bytes, expected 513"),
      (.aborted, "the device was reset before it finished"),
    ] as [(BlockResult, String)])
  func result_inWords_isWhatTheDeviceDid(_ result: BlockResult, _ words: String) {
    #expect(result.words == words)
    #expect(BlockError.failed(result).words == words)
  }

  @Test func error_inWords_isThatOfItsCause() {
    #expect(BlockError.timedOut(status: DeviceStatus(rawValue: 15)).words == "no answer in time, device status 15")
    #expect(BlockError.deviceAbsent.words == BringupError.deviceAbsent.words)
    #expect(BlockError.deviceFailed(.idUnknown(99)).words == QueueFault.idUnknown(99).words)
    let memory = DMAError.outOfMemory(byteCount: 7, alignment: 8)
    #expect(BlockError.memory(memory).words == memory.words)
  }
}
