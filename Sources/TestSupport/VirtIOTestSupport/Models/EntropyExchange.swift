import DevicePlatform
public import VirtIO

/// Draws from an entropy device, over whichever transport, through a queue of its own, and resets the device.
///
/// - Parameters:
///   - count: how many requests, one after the other.
///   - byteCount: of each request.
/// - Returns: all bytes; fewer than asked for when a request was refused or was not filled.
public func drawEntropy<T: Transport & ~Copyable>(
  requests count: Int, byteCount: Int, over transport: consuming T
) throws -> [UInt8] {
  var transport = transport
  var waiter = TestWaiter()
  var queue = try transport.bringUp(
    as: .entropy, features: DriverFeatures(wanted: [.eventIndex]), waiter: &waiter, timeout: .seconds(1)
  ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
  var received: [UInt8] = []
  for _ in 0..<count {
    let buffer = try transport.memory.allocate(byteCount: byteCount)
    guard case .accepted(let token) = queue.submit(buffer, deviceWrites: true) else { break }
    queue.publish()
    let completion = try queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(1))
    let written = Int(completion.written)
    received += completion.takeBuffer().array(written)
  }
  if let reset = transport.reset(attempts: 3) { queue.deviceWasReset(reset) }
  return received
}

/// What the first twelve bytes of a configuration read as: four bytes, two, one, and the generation, in that order.
public func readEachWidth<T: Transport & ~Copyable>(_ transport: borrowing T) -> [UInt32] {
  [
    transport.readConfiguration32(at: 4), UInt32(transport.readConfiguration16(at: 2)),
    UInt32(transport.readConfiguration8(at: 11)), transport.readConfigurationGeneration(),
  ]
}
