public import DevicePlatform

/// An address, and the network that it belongs to.
public struct Lease: Equatable, Sendable {
  /// This machine's address.
  public let address: IPv4Address
  /// The part of it that all machines on the link have in common: ones, then zeros.
  public let mask: IPv4Address
  /// The way to all other networks.
  public let router: IPv4Address?
  /// Who knows names.
  public let nameServer: IPv4Address?
  /// Who gave the address.
  public let server: IPv4Address
  /// How long it may be used: the caller asks again in time, with `NetworkHost.renewIfDue`.
  public let span: TimeSpan

  /// An address of the caller's choice.
  public init(
    address: IPv4Address, mask: IPv4Address, router: IPv4Address? = nil, nameServer: IPv4Address? = nil,
    server: IPv4Address = .unspecified, span: TimeSpan = TimeSpan(nanoseconds: .max)
  ) {
    self.address = address
    self.mask = mask
    self.router = router
    self.nameServer = nameServer
    self.server = server
    self.span = span
  }

  /// Whether an address is on this link.
  func isLocal(_ other: IPv4Address) -> Bool { (other.rawValue ^ address.rawValue) & mask.rawValue == 0 }

  /// Everyone on this link.
  var broadcast: IPv4Address { IPv4Address(rawValue: address.rawValue | ~mask.rawValue) }
}
