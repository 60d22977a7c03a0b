#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import VirtIO

  /// One place of this machine, as a driver sees it: how the device in it can interrupt, and how to wait for it.
  final class KernelSlot: DeviceSlot {
    /// How the device can interrupt. Messages are set aside when its transport is made.
    var way: InterruptWay
    /// The line that is left when messages do not do.
    private let line: InterruptWay
    /// How its interrupts arrive; nil when it is polled.
    private var connection: DeviceConnection?
    private var mailbox: EventMailbox?
    /// What its driver waits with, and what the device is called; nil when the driver has a way of its own.
    private var waiting: (source: KernelWaitSource, name: String)?
    /// Without messages from now on.
    private(set) var avoidsMessages = false
    private let clock: CounterClock
    private let lines: DeviceLines?

    /// A place whose device has a line, if its route is known.
    init(_ route: InterruptRoute?, clock: CounterClock, lines: DeviceLines?) {
      line = route.map(InterruptWay.line) ?? .unknown
      way = line
      self.clock = clock
      self.lines = lines
    }

    /// Messages of the interrupt controller for a transport that is about to be made; nil when it has to do without.
    func takeMessages(_ count: Int) -> DeviceMessages? {
      if avoidsMessages { return nil }
      return lines.flatMap { DeviceMessages(count, of: $0.interrupts) }
    }

    var polling: DeviceWaiter { DeviceWaiter(KernelWaitSource(KernelWaiter(polling: clock), nil)) }

    var waitingWords: String {
      guard lines != nil else { return "polled" }
      if let connection { return connection.words }
      if case .line(let route) = way { return "polled: its interrupt line \(route.line.number) cannot be had" }
      return "polled: its interrupt line is not known"
    }

    func connect(_ handle: InterruptHandle<AnyInterruptSource>, name: String) -> DeviceWaiter? {
      guard let lines, let connection = lines.connect(handle, by: way, name: name) else { return nil }
      connected(connection, handle.mailbox)
      let source = KernelWaitSource(KernelWaiter(connection, lines.policy), connection)
      waiting = (source, name)
      return DeviceWaiter(source)
    }

    /// How often the processor slept for a device of this name, if it is in this place and interrupts.
    func halts(for name: String) -> UInt? { waiting?.name == name ? waiting?.source.halts : nil }

    /// The device's interrupts arrive: for drivers that connect by themselves.
    func connected(_ connection: DeviceConnection, _ mailbox: EventMailbox) {
      self.connection = connection
      self.mailbox = mailbox
    }

    var interrupts: InterruptObservation? {
      guard let connection, let mailbox else { return nil }
      return InterruptObservation(
        isMasked: !connection.isUsable, count: mailbox.interrupts, spuriousCount: mailbox.spuriousInterrupts)
    }

    /// A device that takes no vectors may still have a line.
    func isWorthAnotherTry(after error: BringupError) -> Bool {
      guard case .messages = way, case .transport(.vectorRefused) = error else { return false }
      avoidsMessages = true
      return true
    }

    func release() {
      // A connection frees its messages itself; the handler of a line stays, and finds nothing to do.
      if let connection { connection.end() } else if case .messages(let messages) = way { messages.free() }
      connection = nil
      mailbox = nil
      waiting = nil
      way = line
    }
  }

  /// The kernel's way to wait, behind the manager's.
  private final class KernelWaitSource: WaitSource {
    private var waiter: KernelWaiter
    private let connection: DeviceConnection?

    init(_ waiter: KernelWaiter, _ connection: DeviceConnection?) {
      self.waiter = waiter
      self.connection = connection
    }

    var now: MonotonicTime { waiter.now }
    var halts: UInt { waiter.halts }
    func wait(until deadline: MonotonicTime) { waiter.wait(until: deadline) }
    func noteProgress() { connection?.lines.interrupts.noteProgress() }
  }
#endif
