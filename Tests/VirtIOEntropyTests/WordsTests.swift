import DevicePlatform
import Testing
import VirtIO
import VirtIOEntropy

/// What goes wrong says so in one line.
struct WordsTests {
  @Test func error_inWords_isWhatHappened() {
    #expect(EntropyError.refused(.full).words == "the queue is full")
    #expect(EntropyError.timedOut(status: DeviceStatus(rawValue: 15)).words == "no answer in time, device status 15")
    #expect(EntropyError.nothingReturned.words == "the device returned a buffer without any random byte")
    #expect(EntropyError.deviceAbsent.words == BringupError.deviceAbsent.words)
    #expect(EntropyError.deviceFailed(.idUnknown(99)).words == QueueFault.idUnknown(99).words)
    let memory = DMAError.outOfMemory(byteCount: 7, alignment: 8)
    #expect(EntropyError.memory(memory).words == memory.words)
  }
}
