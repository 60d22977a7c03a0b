#if os(none)
  import DevicePlatform
  import DeviceTraits
  import NetworkStack
  import Randomness

  /// One of the machine's interfaces with the example stack on it.
  final class KernelNetwork {
    /// The interface's name.
    let name: String
    /// The interface.
    let interface: any NetworkDevice
    /// The stack.
    var host: NetworkHost<InterfacePort>
    /// Sleeps until a frame comes in, if the interface can wake it.
    var waiter: InterfaceWaiter

    /// The stack on an interface; it has no address yet. Its identifiers are made of the machine's random bits.
    init(_ name: String, _ interface: any NetworkDevice, _ table: DeviceTable) throws(EntropyFailure) {
      self.name = name
      self.interface = interface
      waiter = InterfaceWaiter(interface, clock: table.clock)
      let secret = (try Self.randomWord(table.entropy), try Self.randomWord(table.entropy))
      host = NetworkHost(port: InterfacePort(interface), secret: secret)
    }

    private static func randomWord(_ entropy: MachineEntropy) throws(EntropyFailure) -> UInt64 {
      var bytes = [UInt8](repeating: 0, count: 8)
      var span = bytes.mutableSpan
      try entropy.fill(&span)
      return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Asks for an address.
    func configure() throws(HostError) -> Lease { try host.configure(waiter: &waiter) }

    /// Asks for more time with the address.
    func renew() throws(HostError) -> Lease { try host.renew(waiter: &waiter) }

    /// Sends an echo.
    ///
    /// - Returns: nanoseconds until it came back.
    func ping(_ address: IPv4Address) throws(HostError) -> UInt64 {
      try host.renewIfDue(waiter: &waiter)
      return try host.ping(address, waiter: &waiter).nanoseconds
    }

    /// Fetches a file from whoever gave the address, and computes its checksum.
    func fetch(_ file: String) throws(HostError) -> (transfer: FileTransfer, checksum: UInt32) {
      try host.renewIfDue(waiter: &waiter)
      guard let lease = host.lease else { throw .noAddress }
      var checksum = CRC32()
      let transfer = try host.fetch(file, from: lease.server, waiter: &waiter) { checksum.add($0) }
      return (transfer, checksum.value)
    }
  }
#endif
