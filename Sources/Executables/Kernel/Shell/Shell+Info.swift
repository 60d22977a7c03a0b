#if os(none)
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import Drawing
  import VirtIO
  import VirtIOBlock

  extension Shell {
    /// Prints all that is known about a device.
    func describe(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("info NAME", 1...1)
      guard let device = table.device(arguments[0]) else { return try describeOther(arguments[0]) }
      let queue = device.queue
      say("name:        \(device.name)")
      say("type:        \(device.type.name)")
      say("location:    \(device.location)")
      say("interface:   \(device.isLegacy ? "legacy" : "modern")")
      say("status:      \(hex(UInt(device.status.rawValue)))\(Self.names(of: device.status))")
      say("offered:     \(device.offered.hexadecimal)\(FeatureNames.list(device.offered, of: device.type))")
      say("negotiated:  \(device.features.hexadecimal)\(FeatureNames.list(device.features, of: device.type))")
      say("queue \(queue.index):     size \(queue.size), capacity \(queue.capacity), in flight \(queue.inFlight)")
      say("  indices:   available \(queue.availableIndex), used \(queue.usedIndex)")
      say("  doorbells: \(queue.counters.notifications), false lengths \(queue.counters.falseLengths)")
      say(
        "  areas:     descriptors \(hex(UInt(queue.areas.descriptors.rawValue))), "
          + "driver \(hex(UInt(queue.areas.driver.rawValue))), device \(hex(UInt(queue.areas.device.rawValue)))")
      say("  waiting:   \(Self.words(of: device.connection))")
      say(
        "  counts:    interrupts \(device.mailbox.interrupts), spurious \(device.mailbox.spuriousInterrupts), "
          + "halts \(device.halts)")
      say("  memory:    \(queue.byteCount) bytes")
      say("  fault:     \(queue.fault?.words ?? "none")")
      if let disk = table.disk(device.name) { try describe(disk) }
    }

    /// A device that is neither a disk nor an entropy source.
    private func describeOther(_ name: String) throws(CommandError) {
      if let entry = table.manager.entry(named: name), let device = entry.device, device.observe() == nil {
        say("name:        \(name)")
        say("type:        \(device.role.name)")
        say("location:    \(entry.location)")
        say("state:       \(entry.state.words)")
        if case .input(let input) = device.role { describe(input, name) }
        return
      }
      let device = try observe(name, "info")
      say("name:        \(name)")
      say("type:        \(device.type.name)")
      say("location:    \(device.location)")
      say("interface:   \(device.isLegacy ? "legacy" : "modern")")
      say("status:      \(hex(UInt(device.status.rawValue)))\(Self.names(of: device.status))")
      say("offered:     \(device.offered.hexadecimal)\(FeatureNames.list(device.offered, of: device.type))")
      say("negotiated:  \(device.features.hexadecimal)\(FeatureNames.list(device.features, of: device.type))")
      for queue in device.queues { describe(queue) }
      describe(device.interrupts)
      switch table.manager.entry(named: name)?.role {
      case .network(let interface):
        var address = ""
        for index in 0..<6 {
          let byte = UInt64(interface.hardwareAddress[index])
          address += String(decoding: [digit(byte >> 4), digit(byte)], as: UTF8.self) + (index < 5 ? ":" : "")
        }
        say("address:     \(address)")
        say("mtu:         \(interface.mtu)")
        say("link:        \(interface.isLinkUp ? "up" : "down")")
      case .console(let console):
        say("size:        \(console.textSize.map { "\($0.columns) columns, \($0.rows) rows" } ?? "not told")")
      case .input(let input): describe(input, name)
      case .display(let display):
        if let complaint = display.complaint { say("complaint:   \(complaint)") }
        for screen in 0..<display.screenCount {
          let mode = display.mode(ofScreen: screen).map { "\($0.words) \($0.format.name)" } ?? "off"
          let preferred = display.preferredMode(ofScreen: screen).words
          let seen = display.isConnected(screen: screen) ? "somebody looks, would like \(preferred)" : "nobody looks"
          say("screen \(screen):    \(mode); \(seen)")
        }
      default: break
      }
    }

    private static func words(of connection: DeviceConnection?) -> String {
      guard let connection else { return "polling, no interrupts" }
      if !connection.isUsable { return "polling, \(connection.words) is masked for good" }
      return switch connection.lines.policy {
      case .poll: "polling, \(connection.words)"
      case .halt: "asleep until \(connection.words)"
      case .adaptive: "polling first, then asleep until \(connection.words)"
      }
    }

    private func describe(_ disk: any Disk) throws(CommandError) {
      let geometry = disk.geometry
      say("capacity:    \(geometry.sectorCount) sectors, \(geometry.byteCount) bytes")
      say("block size:  \(geometry.blockByteCount)")
      say("read-only:   \(geometry.isReadOnly ? "yes" : "no")")
      say("segments:    at most \(disk.maximumSegments) of a request")
      do throws(BlockError) {
        say("identifier:  \(Self.printable(try disk.identifier()))")
      } catch {
        throw CommandError("info: identifier of \(disk.name): \(error.words)")
      }
    }

    /// The device may say anything; nothing of it reaches a terminal as a control sequence.
    static func printable(_ bytes: [UInt8]) -> String {
      String(decoding: bytes.map { 32..<127 ~= $0 ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    }

    private static func names(of status: DeviceStatus) -> String {
      let names: [(DeviceStatus, String)] = [
        (.acknowledge, "ACKNOWLEDGE"), (.driver, "DRIVER"), (.featuresOK, "FEATURES_OK"), (.driverOK, "DRIVER_OK"),
        (.deviceNeedsReset, "DEVICE_NEEDS_RESET"), (.failed, "FAILED"),
      ]
      var text = ""
      for (bit, name) in names where status.contains(bit) { text += " " + name }
      return text
    }
  }
#endif
