public import DevicePlatform

/// Two address spaces that a CPU may have.
public enum AddressSpace: Hashable, Sendable {
  /// Memory addresses.
  case memory
  /// x86 I/O ports.
  case ports
}

/// Makes register windows out of addresses: an identity or a page table on bare metal, a system call for a driver
/// server, a socket in a test.
///
/// `Registers` is one type for everything that the platform maps. Where BARs can lie in I/O ports as well as in memory
/// (x86, for legacy devices) it is the platform's own type that holds either; a platform that maps memory only answers
/// nil for ports.
public protocol RegisterMapper: Sendable {
  /// What a window is on this platform.
  associatedtype Registers: RegisterAccess

  /// A window of `byteCount` bytes from `address` on, as the CPU sees it; nil if the platform cannot map it.
  func map(address: UInt64, byteCount: UInt64, space: AddressSpace) -> Registers?
}
