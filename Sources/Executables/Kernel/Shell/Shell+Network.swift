#if os(none)
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import NetworkStack
  import VirtIO

  extension Shell {
    /// Chooses the interface that the other commands use, and prints what is known of it.
    func net(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("net NAME", 1...1)
      guard case .network(let interface)? = table.manager.entry(named: arguments[0])?.role else {
        throw CommandError("net: NAME '\(arguments[0])', expected a network card that 'devices' lists")
      }
      if network?.name != arguments[0] { network = try makeNetwork(arguments[0], interface, "net") }
      guard let network else { return }
      say("interface:   \(network.name), \(network.host.port.address.words)")
      say("mtu:         \(interface.mtu)")
      say("link:        \(interface.isLinkUp ? "up" : "down")")
      if let lease = network.host.lease { describe(lease) } else { say("address:     none") }
      try describeCounters(network)
    }

    /// Where every frame has gone: those of the interface, whoever used it, and those of the stack on it.
    private func describeCounters(_ network: KernelNetwork) throws(CommandError) {
      let interface = network.interface
      let interrupts = try observe(network.name, "net").interrupts?.count
      switch (interrupts, table.halts(for: network.name)) {
      case (let interrupts?, let halts?): say("waiting:     \(interrupts) interrupts, \(halts) halts")
      default: say("waiting:     polled")
      }
      // What has left is taken back first, so that only what the device has counts as in flight.
      interface.publish()
      let counters = interface.counters
      say("in:          \(counters.framesReceived) frames, \(counters.bytesReceived) bytes")
      say("  dropped:   \(counters.framesDropped)\(Self.list(counters.drops.map { ($0.reason, $0.count) }))")
      say(
        "  buffers:   \(counters.buffersOffered) offered, \(counters.buffersReturned) returned, "
          + "\(counters.buffersWaiting) waiting")
      say("out:         \(counters.framesTaken) frames, \(counters.bytesTaken) bytes")
      say(
        "  of these:  \(counters.framesSent) sent, \(counters.framesUnsent) not sent, "
          + "\(counters.framesInFlight) in flight; \(counters.framesRefused) refused")
      let stack = network.host.counters
      say("stack:       \(stack.received) frames received, \(stack.sent) sent")
      say("  of these:  \(stack.delivered) for clients, \(stack.answered) answered, \(stack.learnt) learnt")
      let reasons = DropReason.allCases.map { ($0.words, stack[$0]) }
      say("  dropped:   \(stack.droppedInAll)\(Self.list(reasons))")
      let checksums = stack.checksums
      say(
        "  checksums: \(checksums.computed) computed, \(checksums.verifiedByCard) verified by the card, "
          + "\(checksums.unfinished) unfinished, \(checksums.absent) absent")
      if !counters.addUp || !stack.addUp { throw CommandError("net: the counters do not add up") }
    }

    /// What occurred, and how often.
    private static func list(_ counts: [(String, UInt64)]) -> String {
      var text = ""
      for (words, count) in counts where count > 0 { text += "\(text.isEmpty ? ": " : ", ")\(words) \(count)" }
      return text
    }

    /// Asks for an address, or for more time with the one that there is.
    func dhcp(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("dhcp [renew]", 0...1)
      let isRenewal = arguments.count == 1
      if isRenewal, arguments[0] != "renew" { throw CommandError("dhcp: '\(arguments[0])', expected renew") }
      let network = try chosenNetwork("dhcp")
      do throws(HostError) {
        describe(try isRenewal ? network.renew() : network.configure())
      } catch {
        throw CommandError("dhcp: \(error.words)")
      }
    }

    /// Sends three echoes.
    func ping(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("ping ADDRESS", 1...1)
      guard let address = IPv4Address(arguments[0]) else {
        throw CommandError("ping: ADDRESS '\(arguments[0])', expected four numbers such as 10.0.2.2")
      }
      let network = try chosenNetwork("ping")
      do throws(HostError) {
        for number in 1...3 {
          say("\(number): an echo from \(address.words) after \(try network.ping(address) / 1000) us")
        }
      } catch {
        throw CommandError("ping: \(error.words)")
      }
    }

    /// Fetches a file from the machine that gave the address.
    func tftp(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("tftp FILE", 1...1)
      let network = try chosenNetwork("tftp")
      do throws(HostError) {
        let (transfer, checksum) = try network.fetch(arguments[0])
        say("\(transfer.byteCount) bytes, crc32 \(eightDigits(checksum))")
      } catch {
        throw CommandError("tftp: \(error.words)")
      }
    }

    private func describe(_ lease: Lease) {
      say("address:     \(lease.address.words), mask \(lease.mask.words)")
      say("router:      \(lease.router?.words ?? "none")")
      say("name server: \(lease.nameServer?.words ?? "none")")
      say("server:      \(lease.server.words)")
    }

    /// The interface of the last `net`, or the first one.
    private func chosenNetwork(_ command: String) throws(CommandError) -> KernelNetwork {
      if let network { return network }
      for entry in table.manager.entries {
        guard case .network(let interface)? = entry.role else { continue }
        let network = try makeNetwork(entry.name, interface, command)
        self.network = network
        return network
      }
      throw CommandError("\(command): there is no network card")
    }

    private func makeNetwork(
      _ name: String, _ interface: any NetworkDevice, _ command: String
    ) throws(CommandError) -> KernelNetwork {
      do throws(EntropyFailure) {
        return try KernelNetwork(name, interface, table)
      } catch {
        throw CommandError("\(command): identifiers are made of random bits: \(error.words)")
      }
    }
  }
#endif
