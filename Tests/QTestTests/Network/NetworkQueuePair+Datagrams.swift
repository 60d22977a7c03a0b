import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIONetwork

/// A datagram that the driver received, and what was said of its checksum.
struct Arrival {
  let partial: PartialChecksum?
  let isVerified: Bool
  /// As it came.
  let before: Datagram
  /// After the driver has completed the checksum, if there was anything to do.
  let after: Datagram
}

extension NetworkQueuePair where T: ~Copyable {
  /// Sends a datagram, and waits until the device is done with it.
  mutating func transmit(
    _ datagram: Datagram, partial: PartialChecksum?, _ bench: Bench, _ waiter: inout QTestWaiter
  ) throws {
    try submit(datagram, partial: partial, bench)
    publish()
    finish(&waiter)
  }

  /// Gives a datagram to the queue; the device does not see it yet.
  mutating func submit(_ datagram: Datagram, partial: PartialChecksum?, _ bench: Bench) throws {
    let byteCount = datagram.frame.count
    var buffer = try bench.machine.memory.allocate(byteCount: byteCount)
    buffer.fill(with: datagram.frame[...])
    let frame =
      if let partial {
        OutgoingFrame(buffer, byteCount: byteCount, partial: partial)
      } else {
        OutgoingFrame(buffer, byteCount: byteCount)
      }
    if case .refused(let refusal, _) = send(frame) { Issue.record("\(byteCount) bytes refused: \(refusal)") }
  }

  /// Waits until the device is done with everything that was sent.
  mutating func finish(_ waiter: inout QTestWaiter) {
    let deadline = waiter.now + .seconds(10)
    while transmitsInFlight > 0, waiter.now < deadline {
      if reclaimBatch(upTo: 64, { _ in }) == 0 { waiter.wait(until: deadline) }
    }
    #expect(transmitsInFlight == 0)
  }

  /// The next datagram, with whatever else the kernel says passed over; nil when none comes.
  mutating func arrival(waiter: inout QTestWaiter) throws -> Arrival? {
    let deadline = waiter.now + .seconds(10)
    while waiter.now < deadline {
      guard var frame = receive() else {
        waiter.wait(until: deadline)
        continue
      }
      let (partial, isVerified, bytes) = (frame.partialChecksum, frame.isChecksumVerified, frame.array())
      frame.completeChecksum()
      let completed = frame.array()
      recycle(frame)
      publish()
      guard let before = Datagram(bytes), let after = Datagram(completed) else { continue }
      return Arrival(partial: partial, isVerified: isVerified, before: before, after: after)
    }
    return nil
  }
}

extension TapNetwork {
  /// The next datagram for the host's port; nil when none comes.
  func receive(waiter: inout QTestWaiter) -> Arrival? {
    let deadline = waiter.now + .seconds(10)
    while waiter.now < deadline {
      if let arrival = receive() { return arrival }
      waiter.wait(until: deadline)
    }
    return nil
  }
}
