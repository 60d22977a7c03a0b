#if os(none)
  import VirtIO

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
      let own: String? =
        switch type {
        case .block: blockName(bit)
        case .console: consoleName(bit)
        case .network: networkName(bit)
        case .gpu: displayName(bit)
        default: nil
        }
      return own ?? commonName(bit)
    }

    private static func commonName(_ bit: Int) -> String? {
      switch bit {
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

    private static func consoleName(_ bit: Int) -> String? {
      switch bit {
      case 0: "SIZE"
      case 1: "MULTIPORT"
      case 2: "EMERG_WRITE"
      default: nil
      }
    }

    private static func displayName(_ bit: Int) -> String? {
      switch bit {
      case 0: "VIRGL"
      case 1: "EDID"
      case 2: "RESOURCE_UUID"
      case 3: "RESOURCE_BLOB"
      case 4: "CONTEXT_INIT"
      case 5: "BLOB_ALIGNMENT"
      default: nil
      }
    }

    private static func networkName(_ bit: Int) -> String? {
      switch bit {
      case 0: "CSUM"
      case 1: "GUEST_CSUM"
      case 2: "CTRL_GUEST_OFFLOADS"
      case 3: "MTU"
      case 5: "MAC"
      case 7: "GUEST_TSO4"
      case 8: "GUEST_TSO6"
      case 9: "GUEST_ECN"
      case 10: "GUEST_UFO"
      case 11: "HOST_TSO4"
      case 12: "HOST_TSO6"
      case 13: "HOST_ECN"
      case 14: "HOST_UFO"
      case 15: "MRG_RXBUF"
      case 16: "STATUS"
      case 17: "CTRL_VQ"
      case 18: "CTRL_RX"
      case 19: "CTRL_VLAN"
      case 20: "CTRL_RX_EXTRA"
      case 21: "GUEST_ANNOUNCE"
      case 22: "MQ"
      case 23: "CTRL_MAC_ADDR"
      case 52: "DEVICE_STATS"
      case 53: "VQ_NOTF_COAL"
      case 54: "GUEST_USO4"
      case 55: "GUEST_USO6"
      case 56: "HOST_USO"
      case 57: "HASH_REPORT"
      case 59: "GUEST_HDRLEN"
      case 60: "RSS"
      case 61: "RSC_EXT"
      case 62: "STANDBY"
      case 63: "SPEED_DUPLEX"
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
