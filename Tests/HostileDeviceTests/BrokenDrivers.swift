import DevicePlatform
import HostileDevice
import VirtIO
import VirtIOEntropy
import VirtIOTestSupport

/// A driver of entropy devices with something wrong.
protocol BrokenDriver: HostileDriver {
  var good: EntropyTarget { get }
}

extension BrokenDriver {
  var device: ScriptedDevice { good.device }

  /// Unless it is there that something is wrong.
  func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    good.live(transport, session)
  }

  /// Likewise.
  func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    try good.serve(transport, session)
  }
}

/// Brought up the second time, it goes on where it was: no reset, no status, no features.
struct ForgetsTheReset: BrokenDriver {
  let good: EntropyTarget
  init(_ setup: HostileSetup) { good = EntropyTarget(setup) }

  func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    var transport = transport
    var waiter = session.waiter
    var queue = try transport.makeQueue(0, QueueOptions(), features: [])
    defer { if let reset = transport.reset(attempts: 3) { queue.deviceWasReset(reset) } }
    guard case .accepted(let token) = queue.submit(try session.memory.allocate(byteCount: 8), deviceWrites: true)
    else { return }
    queue.publish()
    _ = try queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(1))
  }
}

/// After the reset it has bytes of before.
struct RemembersTheFirstLife: BrokenDriver {
  let good: EntropyTarget
  init(_ setup: HostileSetup) { good = EntropyTarget(setup) }

  func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    var waiter = session.waiter
    var source = try EntropySource(transport, waiter: &waiter)
    _ = try source.bytes(8, waiter: &waiter)
    good.check([0, 0, 0, 0, 0, 0, 0, 0], session)
  }
}

/// It gives a buffer up for lost, and the device has let go of everything.
struct LosesABuffer: BrokenDriver {
  let good: EntropyTarget
  init(_ setup: HostileSetup) { good = EntropyTarget(setup) }

  func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    if let buffer = try? session.memory.allocate(byteCount: 8) { buffer.lose() }
    good.live(transport, session)
  }
}

/// Not broken, but given up on: memory that the device was told of is lost, as it must be.
struct NeverResets: BrokenDriver {
  let good: EntropyTarget
  init(_ setup: HostileSetup) { good = EntropyTarget(setup) }

  func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    session.hostile.device.hostility.neverResets = true
    var waiter = session.waiter
    guard var source = try? EntropySource(transport, waiter: &waiter),
      let buffer = try? session.memory.allocate(byteCount: 8)
    else { return }
    _ = source.start(into: buffer)
    source.publish()
  }
}

/// It keeps a buffer that is not its own.
struct KeepsABuffer: BrokenDriver {
  final class Pocket { var buffers = DMABufferStack(capacity: 2) }

  let good: EntropyTarget
  private let pocket = Pocket()
  init(_ setup: HostileSetup) { good = EntropyTarget(setup) }

  func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    if let buffer = try? session.memory.allocate(byteCount: 8) { pocket.buffers.push(buffer) }
    good.live(transport, session)
  }
}

/// It frees a queue that the device uses.
struct FreesAQueue: BrokenDriver {
  let good: EntropyTarget
  init(_ setup: HostileSetup) { good = EntropyTarget(setup) }

  func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    var transport = transport
    var waiter = session.waiter
    let queue = try? transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
    // The bus has said nothing of the kind.
    if var queue { queue.deviceWasRemoved(unsafe DeviceRemoval()) }
  }
}
