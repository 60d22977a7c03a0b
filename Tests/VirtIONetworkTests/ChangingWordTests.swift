import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

/// A device that takes back what it said: a header after it was judged, a configuration while it is read.
struct ChangingWordTests {
  @Test(arguments: [false, true]) func receive_headerChangedAfterwards_hasNoEffect(isMerged: Bool) throws {
    let wire = Wire(queueSize: 4)
    var options = NetworkOptions()
    options.receiveBufferByteCount = isMerged ? 64 : 2048
    var card = try wire.bringUp(options)
    wire.model.deliver(frameBytes(100), flags: 1, csumStart: 34, csumOffset: 6)
    guard var frame = card.pair.receive() else {
      Issue.record("dropped")
      return
    }
    #expect(frame.bufferCount == (isMerged ? 2 : 1))
    // All ones, wherever the device may write: the checksum is far outside of the frame, which has 65 535 buffers.
    for range in 0..<64 as Range<UInt8> {
      for offset in 0..<12 as Range<UInt32> { wire.heap.scribble(range: range, at: offset, 0xff) }
    }
    #expect(frame.partialChecksum == PartialChecksum(start: 34, offset: 6))
    #expect(frame.byteCount == 100)
    frame.completeChecksum()
    #expect(frame.array().count == 100)
  }

  @Test func update_configurationThatNeverSettles_isAnErrorAndTheOldOneStays() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    let line = card.makeInterruptHandle()
    wire.device.hostility.generationNeverSettles = true
    wire.configure(at: 6, 0)
    line.handleInterrupt()
    #expect(throws: ConfigurationError.unsettled(attempts: 32)) { try card.update() }
    #expect(card.isLinkUp == true)
    wire.device.hostility.generationNeverSettles = false
    wire.configure(at: 6, 0)
    line.handleInterrupt()
    #expect(try card.update() == .link)
    #expect(card.isLinkUp == false)
  }

  @Test func link_thatFlaps_isReadOnceForEachInterrupt() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    let line = card.makeInterruptHandle()
    for round in 0..<1000 as Range<UInt16> { wire.configure(at: 6, round & 1) }
    line.handleInterrupt()
    var reads = 0
    wire.device.onConfigurationRead = { reads += 1 }
    // The last word was "up", as at the beginning.
    #expect(try card.update() == [])
    #expect(reads > 0 && reads < 20)
    #expect(try card.update() == [])
  }
}
