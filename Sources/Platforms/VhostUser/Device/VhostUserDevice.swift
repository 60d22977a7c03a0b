public import DevicePlatform
import Synchronization
public import VirtIO

/// A VirtIO device behind a vhost-user socket: the connection, the memory that both sides share, and the queues' bells.
///
/// It outlives any driver: make a transport of it for each, one at a time, and a waiter. When its back-end is gone,
/// `failure` says so; `reconnect` gets another one on the same path, with the same memory and the same bells.
public final class VhostUserDevice: Sendable {
  /// What the device is. The protocol does not tell: the caller says so.
  public let type: DeviceType
  /// The socket's path; for logs only.
  public let path: String
  /// Where rings and buffers come from.
  public let memory: VhostUserMemory
  let options: VhostUserOptions
  let poller: Poller
  let health = Health()
  let session: Mutex<Session>
  private let connect: @Sendable () throws(VhostUserError) -> MessageSocket

  /// Connects to the back-end that listens at a path, and asks what it offers.
  public convenience init(
    path: String, type: DeviceType, options: VhostUserOptions = VhostUserOptions()
  ) throws(VhostUserError) {
    try self.init(name: path, type: type, options: options) { () throws(VhostUserError) in
      try MessageSocket(path: path)
    }
  }

  /// The same for a connection that is there already, and for those that `reconnect` will need.
  ///
  /// - Parameter connect: makes a connected, non-blocking socket, which is taken over.
  package convenience init(
    name: String, type: DeviceType, options: VhostUserOptions,
    descriptor connect: @escaping @Sendable () throws(VhostUserError) -> Int32
  ) throws(VhostUserError) {
    try self.init(name: name, type: type, options: options) { () throws(VhostUserError) in
      MessageSocket(descriptor: try connect())
    }
  }

  private init(
    name: String, type: DeviceType, options: VhostUserOptions,
    connect: @escaping @Sendable () throws(VhostUserError) -> MessageSocket
  ) throws(VhostUserError) {
    precondition(options.display == nil || type == .gpu, "only a GPU has a display")
    // First, so that a mistake in the path costs nothing.
    let socket = try connect()
    self.type = type
    path = name
    self.options = options
    self.connect = connect
    let provider = try RegionProvider(byteCount: options.memoryByteCount, regionCount: options.memoryRegionCount)
    memory = DMAPool(provider: provider)
    poller = try Poller()
    if let display = options.display { try poller.add(try display.makeAlarm()) }
    session = Mutex(Session(type: type, options: options, memory: provider, poller: poller, health: health))
    try session.withLock { session throws(VhostUserError) in try session.open(socket) }
  }

  /// Why the back-end cannot be used any longer; nil while it can. Notices a back-end that has hung up.
  public var failure: VhostUserError? {
    session.withLock {
      $0.noticeEnd()
      return $0.failure
    }
  }

  /// Signals a queue's interrupt as its back-end would; nothing for a queue that was never set up.
  package func signalInterrupt(ofQueue index: UInt16) {
    session.withLock { $0.queues.first { $0.index == index }?.call.signal() }
  }

  /// A transport for a driver. One driver at a time; the next one begins with a reset.
  public func makeTransport() -> VhostUserTransport { VhostUserTransport(self) }

  /// A waiter for the device's driver: one at a time.
  ///
  /// - Parameter pollingSpan: how long to look again at once before going to sleep.
  public func makeWaiter(pollingFor pollingSpan: TimeSpan = .microseconds(20)) -> VhostUserWaiter {
    VhostUserWaiter(self, pollingFor: options.interrupts == .awaited ? pollingSpan : TimeSpan(nanoseconds: .max))
  }

  /// Connects again: to the back-end that listens at the path now. Drivers begin anew with it; the memory is the same.
  ///
  /// - Parameter patience: how long to try while nobody listens.
  /// - Throws: `.featuresGone` when the new back-end lacks what a driver had settled on; `.holdsOn` when the old one, which
  ///   is told to go if it has not gone, does not hang up within the options' `timeout`: it may still write what is in
  ///   flight, and nobody else gets that.
  public func reconnect(patience: TimeSpan = .seconds(5)) throws(VhostUserError) {
    try session.withLock { session throws(VhostUserError) in try session.end() }
    let deadline = LinuxClock().now + patience
    while true {
      do throws(VhostUserError) {
        let socket = try connect()
        return try session.withLock { session throws(VhostUserError) in try session.open(socket) }
      } catch {
        // Between the end of one back-end and the beginning of the next.
        switch error {
        case .unreachable, .closed: break
        default: throw error
        }
        guard LinuxClock().now < deadline else { throw error }
        pause(.milliseconds(5))
      }
    }
  }
}
