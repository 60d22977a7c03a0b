// A disk behind vhost-user, brought up, with several requests in flight.

import DevicePlatform
import VhostUser
import VirtIO
import VirtIOBlock

/// A disk in use by a command.
struct BlockSession: ~Copyable {
  let device: VhostUserDevice
  private let isTraced: Bool
  var disk: BlockDevice<VhostUserTransport>
  var waiter: VhostUserWaiter
  /// How long a request may take.
  let timeout: TimeSpan

  /// - Parameter usesTables: chains lie in tables of their own where the device has them: as many requests as the queue
  ///   has entries. Otherwise a third of that, and fewer cache lines a request.
  init(
    _ device: VhostUserDevice, timeoutSeconds: UInt32, pollingFor span: TimeSpan = .microseconds(20),
    usesTables: Bool = true
  ) throws {
    self.device = device
    isTraced = device.isTraced
    timeout = .seconds(timeoutSeconds)
    var options = BlockOptions()
    options.queueSize = 1024
    if !usesTables { options.features.remove(.indirectDescriptors) }
    var waiter = device.makeWaiter(pollingFor: span)
    do throws(BringupError) {
      disk = try BlockDevice(device.makeTransport(), options: options, waiter: &waiter)
    } catch {
      throw DeviceProblem(error, of: device)
    }
    self.waiter = waiter
  }

  /// Takes the next request that is over, and waits for it if there is none.
  mutating func next() throws -> BlockCompletion {
    let deadline = waiter.now + timeout
    while true {
      if let completion = take() {
        if completion.result == .aborted, let problem { throw problem }
        return completion
      }
      if let problem { throw problem }
      guard waiter.now < deadline else {
        throw device.failure.map { DeviceProblem($0) }
          ?? DeviceProblem(
            "no request of \(disk.inFlight) in flight ended within \(timeout.nanoseconds / 1_000_000_000) s",
            clause: nil)
      }
      if !disk.arm() { waiter.wait(until: deadline) }
      disk.disarm()
    }
  }

  /// Takes the next request that is over, if there is one.
  mutating func take() -> BlockCompletion? {
    observeRings()
    let completion = disk.complete()
    // What the device used between the look and that has no status any more: the trace is told now, before it looks as if
    // the next request's were its own.
    if isTraced, completion != nil { device.observeRings(isLate: true) }
    return completion
  }

  /// For the trace, if there is one.
  func observeRings() { if isTraced { device.observeRings() } }

  /// What the device did wrong, if it did.
  var problem: DeviceProblem? {
    if let fault = disk.fault { return DeviceProblem(fault.words, clause: fault.clause) }
    return nil
  }

  /// Lengths that the device cannot have written, if it told any: the driver goes on without them.
  var falseLengths: DeviceProblem? {
    let counters = disk.queueState.counters
    if counters.falseLengths == 0 { return nil }
    return DeviceProblem(
      "\(counters.falseLengths) used element(s) with a length above what the device was given to write, the last with "
        + "\(counters.lastFalseLength)",
      clause: "devicenormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Used Ring")
  }

  /// Says so on standard error, where nothing else depends on it.
  func warnOfFalseLengths() {
    if let falseLengths { Terminal.progress("\(falseLengths)") }
  }

  /// Ends the device's use.
  ///
  /// - Throws: also what went wrong with the connection since: a reset goes to its end without one.
  mutating func shutDown() throws {
    do throws(BringupError) {
      try disk.shutDown(waiter: &waiter, timeout: timeout)
    } catch {
      throw DeviceProblem(error, of: device)
    }
    if let failure = device.failure { throw DeviceProblem(failure) }
  }
}
