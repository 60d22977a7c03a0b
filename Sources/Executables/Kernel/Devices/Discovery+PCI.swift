#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import PCI
  import VirtIO
  import VirtIOPCI
  #if !arch(x86_64)
    import DeviceTree
  #endif

  /// Register windows of BARs, in memory or, on x86, among the ports: legacy PCI devices have registers there.
  struct BARMapper: RegisterMapper {
    func map(address: UInt64, byteCount: UInt64, space: AddressSpace) -> MachineRegisters? {
      switch space {
      case .memory: return DeviceRegisters.map(address: address, byteCount: byteCount).map(MachineRegisters.memory)
      case .ports:
        #if arch(x86_64)
          guard let port = UInt16(exactly: address), byteCount <= 0x1_0000 - address else { return nil }
          // The kernel runs in ring 0.
          return .ports(unsafe PortRegisters(unsafePort: port, byteCount: Int(byteCount)))
        #else
          return nil
        #endif
      }
    }
  }

  extension Discovery {
    #if arch(x86_64)
      /// Looks behind the configuration ports. Firmware may have placed the BARs, or not.
      ///
      /// - Returns: whether there is a PCI bus.
      mutating func findOnPCI() -> Bool {
        typealias Ports = ConfigurationPorts<PortRegisters>
        // The kernel runs in ring 0. Where no host bridge is, ports read as ones.
        let ports = unsafe PortRegisters(unsafePort: Ports.firstPort, byteCount: 8)
        let bus = PCIBus(access: Ports(ports: ports))
        guard bus.function(at: PCIAddress(bus: 0, device: 0)) != nil else { return false }
        // What q35 passes on to PCI: memory from the end of ECAM to the I/O APIC, and ports above the legacy ones.
        var windows = ResourceWindows([
          ResourceWindow(busAddress: 0xc000_0000, byteCount: 0x3ec0_0000),
          ResourceWindow(isIO: true, busAddress: 0xc000, byteCount: 0x4000, space: .ports),
        ])
        visit(bus, &windows) { [facts] in facts.route(of: $0) }
        return true
      }
    #else
      /// Looks behind the host bridge of the device tree, if there is one. No firmware has placed any BAR.
      mutating func findOnPCI() {
        guard let tree = facts.tree else { return }
        do throws(DeviceTreeError) {
          guard let host = try tree.pciHost() else { return }
          let space = host.configuration
          guard let registers = DeviceRegisters.map(address: space.address, byteCount: space.byteCount) else {
            return complain("\(host.path): configuration space at \(hex(UInt(space.address))) is not mapped")
          }
          let bus = PCIBus(
            access: ECAM(registers: registers, firstBus: host.buses.lowerBound), rootBus: host.buses.lowerBound,
            lastBus: host.buses.upperBound)
          // Memory below 4 GiB first: BARs of both widths fit there.
          var windows: [ResourceWindow] = []
          for kind: PCIHostWindow.Space in [.memory32, .memory64, .io] {
            for window in host.windows where window.space == kind {
              windows.append(
                ResourceWindow(
                  isIO: kind == .io, isPrefetchable: window.isPrefetchable, busAddress: window.busAddress,
                  byteCount: window.byteCount, cpuAddress: window.cpuAddress))
            }
          }
          var resources = ResourceWindows(windows)
          visit(bus, &resources) { [facts] in facts.route(of: $0, behind: host) }
        } catch {
          complain(error.words)
        }
      }
    #endif

    private mutating func visit<Access: ConfigurationAccess>(
      _ bus: PCIBus<Access>, _ windows: inout ResourceWindows, routes: (PCIFunction) -> InterruptRoute?
    ) {
      for function in bus.enumerate(assignsBusNumbers: true) {
        places += 1
        if PCIDeviceIdentity.deviceType(of: function) != .none { probe(function, bus, &windows, routes(function)) }
      }
    }

    private mutating func probe<Access: ConfigurationAccess>(
      _ function: PCIFunction, _ bus: PCIBus<Access>, _ windows: inout ResourceWindows, _ route: InterruptRoute?
    ) {
      let location = "pci \(function.address.description)"
      let placement = bus.place(function, in: &windows)
      for refusal in placement.refusals { report.note("\(location): \(refusal.words)") }
      let slot = table.makeSlot(route)
      let memory = memory
      let policy = options.refusesLegacy ? PCIInterfacePolicy.modernOnly : .any
      do throws(TransportError) {
        table.manager.found(
          try TransportPlace(table.drivers, slot: slot) { () throws(TransportError) in
            // One message for the configuration, one for the queues.
            guard let messages = slot.takeMessages(2) else {
              return EitherTransport(
                second: try PCITransport(
                  function: function, placement: placement, bus: bus, mapper: BARMapper(), memory: memory,
                  policy: policy))
            }
            let transport = try Self.makeTransport(function, placement, bus, memory, policy, messages)
            if messages.bind(to: transport) { slot.way = .messages(messages) }
            return EitherTransport(second: transport)
          })
      } catch {
        report.note("\(location): \(error.words)")
      }
    }

    private static func makeTransport<Access: ConfigurationAccess>(
      _ function: PCIFunction, _ placement: Placement, _ bus: PCIBus<Access>, _ memory: KernelMemory,
      _ policy: PCIInterfacePolicy, _ messages: DeviceMessages
    ) throws(TransportError) -> PCITransport<MachineRegisters, KernelMemory> {
      do throws(TransportError) {
        return try PCITransport(
          function: function, placement: placement, bus: bus, mapper: BARMapper(), memory: memory, policy: policy,
          messages: messages.forPCI)
      } catch {
        messages.free()
        throw error
      }
    }
  }
#endif
