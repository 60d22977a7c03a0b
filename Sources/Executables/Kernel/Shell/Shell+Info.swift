#if os(none)
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  extension Shell {
    /// Prints all that is known about a device.
    func describe(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("info NAME", 1...1)
      guard let device = table.device(arguments[0]) else {
        throw CommandError("info: NAME '\(arguments[0])', expected one that 'devices' lists")
      }
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
    private static func printable(_ bytes: [UInt8]) -> String {
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

  /// The spec's names of feature bits, without their prefix.
  enum FeatureNames {
    /// Each name after a blank; `bit N` for one without a name.
    static func list(_ features: FeatureSet, of type: DeviceType) -> String {
      var text = ""
      for bit in 0..<128 where features.contains(FeatureSet(bit: bit)) {
        text += " " + (name(bit, of: type) ?? "bit-\(bit)")
      }
      return text
    }

    private static func name(_ bit: Int, of type: DeviceType) -> String? {
      if bit < 24 { return type == .block ? blockName(bit) : nil }
      return switch bit {
      case 24: "NOTIFY_ON_EMPTY"
      case 27: "ANY_LAYOUT"
      case 28: "INDIRECT_DESC"
      case 29: "EVENT_IDX"
      case 32: "VERSION_1"
      case 33: "ACCESS_PLATFORM"
      case 34: "RING_PACKED"
      case 35: "IN_ORDER"
      case 36: "ORDER_PLATFORM"
      case 37: "SR_IOV"
      case 38: "NOTIFICATION_DATA"
      case 39: "NOTIF_CONFIG_DATA"
      case 40: "RING_RESET"
      default: nil
      }
    }

    private static func blockName(_ bit: Int) -> String? {
      switch bit {
      case 0: "BARRIER"
      case 1: "SIZE_MAX"
      case 2: "SEG_MAX"
      case 4: "GEOMETRY"
      case 5: "RO"
      case 6: "BLK_SIZE"
      case 7: "SCSI"
      case 9: "FLUSH"
      case 10: "TOPOLOGY"
      case 11: "CONFIG_WCE"
      case 12: "MQ"
      case 13: "DISCARD"
      case 14: "WRITE_ZEROES"
      case 15: "LIFETIME"
      case 16: "SECURE_ERASE"
      case 17: "ZONED"
      default: nil
      }
    }
  }
#endif
