#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// Goes round the machine and its devices, and says what works.
  ///
  /// Checks are grouped by topic, the word before the colon. Those of a device appear only where there is such a device:
  /// a machine without devices has a shorter tour, not a failed one.
  final class Tour {
    let report: Report
    let table: DeviceTable
    let memory: KernelMemory
    let clock: CounterClock
    /// DMA buffers that the devices themselves owned before the tour used them.
    private var ownedBuffers = 0

    /// A tour of the devices in `table`.
    init(report: Report, table: DeviceTable, memory: KernelMemory, clock: CounterClock) {
      self.report = report
      self.table = table
      self.memory = memory
      self.clock = clock
    }

    /// Looks for devices, then at each of them.
    func run(_ discovery: inout Discovery, _ screens: Screens) {
      discovery.run()
      screens.findRAMScreen(memory: memory, clock: clock)
      checkDiscovery(discovery)
      checkDisplays(screens)
      screens.showText()
      if discovery.options.usesNetwork { checkNetwork() }
      checkBalloons()
      ownedBuffers = memory.buffersInUse - keptBuffers
      for disk in table.disks { describe(disk) }
      if let scratch = scratchDisk { visit(scratch) }
      if let disk = table.disks.first(where: { $0.geometry.isReadOnly }) { checkReadOnly(disk) }
      if !table.sources.isEmpty { visitSources() }
      visitInputs()
      checkInterrupts()
      checkMemory()
    }

    private func checkDiscovery(_ discovery: Discovery) {
      report.note("discovery: \(table.disks.count) disks, \(table.sources.count) entropy sources")
      report.expect(discovery.unreadable == 0, "discovery: every bus and slot could be looked at")
      report.expect(table.failures == 0, "discovery: every device that has a driver came up")
      var isNegotiated = true
      for device in devices {
        var expected = device.offered.intersection(device.wanted)
        // Bring-up adds VERSION_1, or what legacy devices have for the same: any layout of headers and data.
        expected.formUnion(device.isLegacy ? device.offered.intersection(.anyLayout) : .version1)
        if device.features != expected {
          isNegotiated = false
          report.note("\(device.name): features \(device.features.hexadecimal), expected \(expected.hexadecimal)")
        }
      }
      if table.count > 0 {
        report.expect(isNegotiated, "discovery: devices and drivers agree on all features that both know")
      }
    }

    /// All devices.
    var devices: [any Device] {
      var devices: [any Device] = []
      for disk in table.disks { devices.append(disk) }
      for source in table.sources { devices.append(source) }
      return devices
    }

    /// Buffers that drivers of entropy sources keep from their first use on.
    private var keptBuffers: Int { table.sources.reduce(0) { $0 + $1.keptBuffers } }

    /// What the devices own is what they owned before, and everything else came back.
    private func checkMemory() {
      let expected = ownedBuffers + keptBuffers
      report.expect(
        memory.buffersInUse == expected && memory.buffersLost == 0,
        "memory: every buffer came back, none is lost",
        because: "\(memory.buffersInUse) buffers in use, \(memory.buffersLost) lost; expected \(expected) and 0")
      let heap = HeapUse.now
      report.expect(heap.isConsistent, "memory: the heap is whole")
    }
  }
#endif
