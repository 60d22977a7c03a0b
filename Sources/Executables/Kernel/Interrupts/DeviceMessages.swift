#if os(none)
  import BareMetal
  import DevicePlatform
  import PCI
  import Synchronization
  import VirtIO
  import VirtIOPCI

  /// Messages that were set aside for one PCI function, from before its driver exists. What arrives that early is
  /// counted, and masked at the function until there is a driver.
  final class DeviceMessages {
    private let interrupts: Interrupts
    private var early: [EarlyMessage]
    private(set) var messages: [BareMetal.InterruptMessage] = []
    private var control: PCIMessageControl<MachineRegisters>?
    private var meanings: [DeviceEvents] = []

    /// Sets as many as `count` aside; nil when there is none to be had.
    init?(_ count: Int, of interrupts: Interrupts) {
      self.interrupts = interrupts
      let early = EarlyMessage(nil, 0)
      self.early = [early]
      while messages.count < count, let message = interrupts.allocateMessage(handler: early) {
        messages.append(message)
      }
      if messages.isEmpty { return nil }
    }

    /// In the words of the bus.
    var forPCI: [PCI.InterruptMessage] {
      messages.map { PCI.InterruptMessage(address: $0.address, data: $0.data) }
    }

    /// The function has taken them, or some of them; false if none.
    func bind<Memory: DMAMemory>(to transport: borrowing PCITransport<MachineRegisters, Memory>) -> Bool {
      control = transport.makeMessageControl()
      for index in 0..<transport.messageCount { meanings.append(transport.meaning(ofMessage: index)) }
      while messages.count > meanings.count, let message = messages.popLast() { interrupts.free(message) }
      for (index, message) in messages.enumerated() {
        let handler = EarlyMessage(control, index)
        early.append(handler)
        interrupts.replaceHandler(of: message.line, by: handler)
      }
      return !messages.isEmpty
    }

    /// How many came before there was a driver.
    var earlyCount: Int { early.reduce(0) { $0 + $1.count } }

    /// From now on they come to a driver's mailbox.
    func deliver(to mailbox: EventMailbox) {
      for (message, meaning) in zip(messages, meanings) {
        let handle = InterruptHandle(source: MessageSource(meaning: meaning), mailbox: mailbox)
        interrupts.replaceHandler(of: message.line, by: DeviceInterrupt(handle, next: nil))
      }
      if earlyCount == 0 { return }
      for message in messages { interrupts.unmask(message.line) }
      setMasked(false)
    }

    /// Masks or unmasks all of them, at the device: what comes in the meantime is sent later.
    func setMasked(_ isMasked: Bool) {
      guard let control else { return }
      for index in 0..<control.messageCount { control.setMessage(index, masked: isMasked) }
    }

    /// Gives them back. The function must not send them any more.
    func free() {
      for message in messages { interrupts.free(message) }
      messages = []
    }
  }

  /// Counts messages that nobody waits for yet, and keeps the function from sending more.
  private final class EarlyMessage: InterruptHandler {
    private let control: PCIMessageControl<MachineRegisters>?
    private let index: Int
    private let seen = Atomic<Int>(0)

    /// For message number `index` of a function; without `control` the function does not know its messages yet.
    init(_ control: PCIMessageControl<MachineRegisters>?, _ index: Int) {
      self.control = control
      self.index = index
    }

    var count: Int { seen.load(ordering: .relaxed) }

    func handleInterrupt() {
      seen.wrappingAdd(1, ordering: .relaxed)
      control?.setMessage(index, masked: true)
    }
  }
#endif
