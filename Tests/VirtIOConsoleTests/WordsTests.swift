import DevicePlatform
import Testing
import VirtIO
import VirtIOConsole

/// What goes wrong says so in one line, and names a clause where there is one.
struct WordsTests {
  @Test(
    arguments: [
      (.portBeyondMaximum(port: 9, count: 4), "port 9, expected a number below 4"),
      (.portMissing(port: 2), "port 2 is not there: the device has not added it, or has removed it"),
      (.portClosed(port: 3), "port 3 is closed on the device's side"), (.queue(.full), "the queue is full"),
    ] as [(ConsoleRefusal, String)])
  func refusal_inWords_isWhatWasAsked(_ refusal: ConsoleRefusal, _ words: String) {
    #expect(refusal.words == words)
    #expect(ConsoleError.refused(refusal).words == words && ConsoleError.refused(refusal).clause == nil)
  }

  @Test func error_inWords_isWhatHappened() {
    #expect(
      ConsoleError.timedOut(written: 7, status: DeviceStatus(rawValue: 15)).words
        == "not taken in time after 7 bytes, device status 15")
    #expect(ConsoleError.deviceAbsent.words == BringupError.deviceAbsent.words)
    #expect(ConsoleError.deviceReset.words == "the device was reset")
    let fault = QueueFault.idUnknown(99)
    #expect(ConsoleError.deviceFailed(fault).words == fault.words)
    #expect(ConsoleError.deviceFailed(fault).clause == fault.clause)
    let memory = DMAError.outOfMemory(byteCount: 7, alignment: 8)
    #expect(ConsoleError.memory(memory).words == memory.words && ConsoleError.memory(memory).clause == nil)
  }

  private static let multiport =
    "devicenormative:Device Types / Console Device / Device Operation / Multiport Device Operation"

  @Test(
    arguments: [
      (.tooShort(byteCount: 7, needed: 8), "a control message of 7 bytes, expected at least 8", nil),
      (
        .portBeyondMaximum(port: 6, maximum: 4),
        "a control message about port 6, expected a number below max_nr_ports, 4", multiport
      ),
      (.portRepeated(port: 2), "port 2 was added twice", multiport),
      (.portMissing(port: 3, event: 6), "control message 6 about port 3, which was not added", multiport),
      (.eventUnknown(3), "control message 3, expected 1, 2 or 4 to 7", nil),
      (.valueInvalid(2, event: 6), "control message 6 with value 2, expected 0 or 1", nil),
    ] as [(ConsoleMessageFault, String, String?)])
  func messageFault_inWords_namesValueAndClause(_ fault: ConsoleMessageFault, _ words: String, _ clause: String?) {
    #expect(fault.words == words && fault.clause == clause)
  }
}
