/// An entry of a function's capability list.
public struct PCICapability: Hashable, Sendable {
  /// What it is: 0x05 MSI, 0x09 vendor-specific, 0x10 PCI Express, 0x11 MSI-X.
  public var id: UInt8
  /// Where it starts in configuration space, in bytes: a multiple of 4, 0x40 ... 0xfc.
  public var offset: Int

  /// An entry.
  public init(id: UInt8, offset: Int) {
    self.id = id
    self.offset = offset
  }

  /// Message-signalled interrupts with a table.
  public static let msixID: UInt8 = 0x11
  /// Vendor-specific.
  public static let vendorSpecificID: UInt8 = 0x09
}

/// A function's capability list, as far as it could be followed.
public struct PCICapabilities: Hashable, Sendable {
  /// Why a list was not followed to its end.
  public enum Fault: Hashable, Sendable {
    /// An entry points to one that was there before.
    case loop(offset: Int)
    /// An entry points into the header.
    case outOfRange(offset: Int)

    /// The fault in one line: what, which value, what was expected.
    public var words: String {
      switch self {
      case .loop(let offset):
        "capability list: an entry points back to \(hex(UInt64(offset))), expected one that was not there before"
      case .outOfRange(let offset):
        "capability list: an entry points to \(hex(UInt64(offset))), expected 0x40 to 0xfc"
      }
    }
  }

  /// The entries, in the list's order.
  public var entries: [PCICapability] = []
  /// What is wrong with the list; nil if it ends as it should. The entries before are good nevertheless.
  public var fault: Fault?

  /// The first entry of this kind.
  public func first(id: UInt8) -> PCICapability? { entries.first { $0.id == id } }
}

extension PCIBus {
  /// Follows a function's capability list.
  ///
  /// An entry is at least 4 bytes and starts at a multiple of 4 behind the header, so that there are at most 48; the two
  /// lowest bits of a pointer are reserved and left out of account.
  public func capabilities(of function: PCIAddress) -> PCICapabilities {
    var list = PCICapabilities()
    guard access.load16(function, at: ConfigurationOffset.status) & 0x10 != 0 else { return list }
    var seen: UInt64 = 0
    var next = Int(access.load8(function, at: ConfigurationOffset.capabilities) & 0xfc)
    while next != 0 {
      guard next >= 0x40 else {
        list.fault = .outOfRange(offset: next)
        break
      }
      guard seen & 1 << UInt64(next / 4) == 0 else {
        list.fault = .loop(offset: next)
        break
      }
      seen |= 1 << UInt64(next / 4)
      let header = access.load16(function, at: next)
      list.entries.append(PCICapability(id: UInt8(truncatingIfNeeded: header), offset: next))
      next = Int(header >> 8 & 0xfc)
    }
    return list
  }
}
