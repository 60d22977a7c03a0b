#if os(none)
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import NetworkStack

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
      guard let lease = network.host.lease else { return say("address:     none") }
      describe(lease)
    }

    /// Asks for an address.
    func dhcp(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("dhcp", 0...0)
      let network = try chosenNetwork("dhcp")
      do throws(HostError) { describe(try network.configure()) } catch { throw CommandError("dhcp: \(error.words)") }
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
