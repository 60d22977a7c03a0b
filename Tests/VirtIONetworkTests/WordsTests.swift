import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork

/// What goes wrong says so in one line, and names a clause where there is one.
struct WordsTests {
  private static let operation = "drivernormative:Device Types / Network Device / Device Operation / "

  @Test(
    arguments: [
      (.queue(.full), "the queue is full", nil),
      (.tooShort(byteCount: 13, minimum: 14), "a frame of 13 bytes, expected at least 14", nil),
      (
        .tooLong(byteCount: 1515, limit: 1514), "a frame of 1515 bytes, the link takes 1514",
        "drivernormative:Device Types / Network Device / Device configuration layout"
      ),
      (
        .outsideBuffer(offset: 5, byteCount: 60, bufferByteCount: 64),
        "a frame of 60 bytes from 5 on, in a buffer of 64",
        nil
      ),
      (
        .checksumOutsideFrame(start: 34, offset: 25, byteCount: 60), "a checksum at 34 + 25, the frame has 60 bytes",
        operation + "Packet Transmission"
      ),
      (
        .bufferTooSmall(byteCount: 11, minimum: 12), "a receive buffer of 11 bytes, expected at least 12",
        operation + "Setting Up Receive Buffers"
      ),
      (.misaligned, "a receive buffer that does not start at a multiple of 8", nil),
    ] as [(FrameRefusal, String, String?)])
  func refusal_inWords_namesValueAndClause(_ refusal: FrameRefusal, _ words: String, _ clause: String?) {
    #expect(refusal.words == words && refusal.clause == clause)
  }

  private static let control = "Device Types / Network Device / Device Operation / Control Virtqueue"
  private static let one = MACAddress(2, 0, 0, 0, 0, 7)

  @Test(
    arguments: [
      (
        .notNegotiated(.Network.receiveModes),
        "this needs feature bits \(FeatureSet(bit: 18).hexadecimal), which were not negotiated",
        "drivernormative:Basic Facilities of a Virtio Device / Feature Bits"
      ),
      (
        .wrongAddress(one), "02:00:00:00:00:07 does not belong into this list of addresses",
        "drivernormative:\(control) / Setting MAC Address Filtering"
      ),
      (.tooManyAddresses(count: 4097, limit: 4096), "4097 addresses, the limit is 4096", nil),
      (.invalidVLAN(4095), "VLAN 4095, expected 0 to 4094", nil),
      (
        .pairsUnavailable(count: 3, limit: 2), "3 pairs of queues, expected 1 to 2",
        "drivernormative:\(control) / Automatic receive steering in multiqueue mode"
      ),
      (
        .pairsInUse(count: 1, active: 2), "1 pairs of queues instead of 2, but one of the others is given out",
        "drivernormative:\(control) / Automatic receive steering in multiqueue mode"
      ),
      (.refused(.full), "the queue is full", nil),
      (.rejected(.addVLAN), "the device refused to pass a VLAN", control),
      (
        .unknownAnswer(.removeVLAN, 7), "answer 7 when asked to pass a VLAN no more, expected 0 or 1", control
      ),
      (
        .answerLength(.queuePairs, found: 2),
        "an answer of 2 bytes when asked to use a number of pairs of queues, expected 1",
        "devicenormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Used Ring"
      ),
      (.timedOut(status: DeviceStatus(rawValue: 15)), "no answer in time, device status 15", nil),
      (.deviceAbsent, BringupError.deviceAbsent.words, nil),
      (.deviceFailed(.idUnknown(9)), QueueFault.idUnknown(9).words, QueueFault.idUnknown(9).clause),
      (.deviceReset, "the device was reset and does nothing more", nil),
      (
        .memory(.outOfMemory(byteCount: 7, alignment: 8)), DMAError.outOfMemory(byteCount: 7, alignment: 8).words, nil
      ),
    ] as [(NetworkControlError, String, String?)])
  func controlError_inWords_namesValueAndClause(_ error: NetworkControlError, _ words: String, _ clause: String?) {
    #expect(error.words == words && error.clause == clause)
  }
}
