import InputEvents
import Testing
import VirtIO
import VirtIOInput

/// What goes wrong says so in one line: what, which value, what was expected.
struct WordsTests {
  @Test(
    arguments: [
      (.tooShort(byteCount: 7), "an event of 7 bytes, expected 8"),
      (.unknown(InputEvent(.light, code: 99, value: 1)), "an event of type 17 with code 99, which there is not"),
      (.frameTooLong(limit: 64), "more than 64 events without an end of their frame"),
    ] as [(InputEventFault, String)])
  func fault_inWords_isWhatTheDeviceTold(_ fault: InputEventFault, _ words: String) { #expect(fault.words == words) }

  @Test(
    arguments: [
      (
        .unsupported(InputEvent(.effect, code: 9, value: 1)), "the device takes no event of type 21 with code 9"
      ),
      (.busy, "the device has not taken earlier events yet"), (.queue(.full), "the queue is full"),
      (.deviceFailed(.idUnknown(99)), QueueFault.idUnknown(99).words), (.deviceReset, "the device was reset"),
    ] as [(InputRefusal, String)])
  func refusal_inWords_isWhatWasAsked(_ refusal: InputRefusal, _ words: String) { #expect(refusal.words == words) }
}
