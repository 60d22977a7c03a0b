/// A range of bus addresses that a host bridge passes on, and where the CPU finds it.
public struct ResourceWindow: Hashable, Sendable {
  /// True for I/O space, false for memory.
  public var isIO: Bool
  /// True for memory whose reads have no side effects: only prefetchable BARs may lie there.
  public var isPrefetchable: Bool
  /// The first address on the bus.
  public var busAddress: UInt64
  /// The size in bytes.
  public var byteCount: UInt64
  /// The first address as the CPU sees it.
  public var cpuAddress: UInt64
  /// How the CPU reaches it: I/O space is ports on x86 and memory elsewhere.
  public var space: AddressSpace

  /// A window. `cpuAddress` is `busAddress` unless given.
  public init(
    isIO: Bool = false, isPrefetchable: Bool = false, busAddress: UInt64, byteCount: UInt64,
    cpuAddress: UInt64? = nil, space: AddressSpace = .memory
  ) {
    self.isIO = isIO
    self.isPrefetchable = isPrefetchable
    self.busAddress = busAddress
    self.byteCount = byteCount
    self.cpuAddress = cpuAddress ?? busAddress
    self.space = space
  }

  /// The last address on the bus; windows that wrap around the address space are cut off.
  var lastAddress: UInt64 {
    let (last, overflow) = busAddress.addingReportingOverflow(byteCount &- 1)
    return overflow ? .max : last
  }
}

/// Why a BAR was not placed.
public enum ResourceError: Error, Hashable, Sendable {
  /// No window of the BAR's kind has this much room left, naturally aligned.
  case noRoom(bar: UInt8, kind: BaseAddressRegister.Kind, byteCount: UInt64)

  /// The error in one line.
  public var words: String {
    switch self {
    case .noRoom(let bar, let kind, let byteCount):
      "BAR \(bar): no \(kind == .io ? "I/O" : "memory") window has room for \(hex(byteCount)) bytes"
    }
  }
}

/// Gives out bus addresses to BARs, and knows where the CPU finds them.
///
/// Windows are tried in the order given, so that a kernel lists first what it would rather use. A range starts at a
/// multiple of its size and never at address 0, which stands for "not placed".
public struct ResourceWindows: Sendable {
  /// What there is.
  public let windows: [ResourceWindow]
  /// What is taken, by ascending address; I/O and memory apart.
  private var taken: [(isIO: Bool, first: UInt64, last: UInt64)] = []

  /// Nothing is taken yet.
  public init(_ windows: [ResourceWindow]) { self.windows = windows }

  /// Where the CPU finds a range of the bus; nil if no window holds all of it.
  public func cpuAddress(of register: BaseAddressRegister) -> (address: UInt64, space: AddressSpace)? {
    guard register.isPlaced, let last = lastAddress(register.busAddress, register.byteCount) else { return nil }
    for window in windows where window.isIO == (register.kind == .io) && window.byteCount > 0 {
      guard register.busAddress >= window.busAddress, last <= window.lastAddress else { continue }
      let (address, overflow) = window.cpuAddress.addingReportingOverflow(register.busAddress - window.busAddress)
      return overflow ? nil : (address, window.space)
    }
    return nil
  }

  /// Takes a range out of what is given out, because firmware has placed something there.
  ///
  /// - Returns: false if the range, or a part of it, is taken already, lies in no window, or begins at no multiple of its size.
  public mutating func reserve(_ register: BaseAddressRegister) -> Bool {
    guard aligned(register.busAddress, register.byteCount) == register.busAddress, cpuAddress(of: register) != nil,
      let last = lastAddress(register.busAddress, register.byteCount),
      conflict(register.kind == .io, register.busAddress, last) == nil
    else { return false }
    take(register.kind == .io, register.busAddress, last)
    return true
  }

  /// Finds room for a range.
  ///
  /// - Returns: its bus address.
  public mutating func allocate(_ register: BaseAddressRegister) throws(ResourceError) -> UInt64 {
    let isIO = register.kind == .io
    let limit: UInt64 = register.kind == .memory64 ? .max : 0xffff_ffff
    for window in windows where window.isIO == isIO && window.byteCount > 0 {
      guard register.isPrefetchable || !window.isPrefetchable else { continue }
      let end = min(window.lastAddress, limit)
      var candidate = aligned(max(window.busAddress, 1), register.byteCount)
      // Each round goes past one range that is taken, so there are at most as many rounds as ranges.
      while let first = candidate, let last = lastAddress(first, register.byteCount), last <= end {
        guard let obstacle = conflict(isIO, first, last) else {
          take(isIO, first, last)
          return first
        }
        candidate = obstacle == .max ? nil : aligned(obstacle + 1, register.byteCount)
      }
    }
    throw .noRoom(bar: register.index, kind: register.kind, byteCount: register.byteCount)
  }

  /// The last address of the lowest range that is taken and overlaps; nil if there is none.
  private func conflict(_ isIO: Bool, _ first: UInt64, _ last: UInt64) -> UInt64? {
    taken.first { $0.isIO == isIO && $0.first <= last && $0.last >= first }?.last
  }

  private mutating func take(_ isIO: Bool, _ first: UInt64, _ last: UInt64) {
    let position = taken.firstIndex { $0.first > first } ?? taken.count
    taken.insert((isIO, first, last), at: position)
  }

  private func lastAddress(_ first: UInt64, _ byteCount: UInt64) -> UInt64? {
    guard byteCount > 0 else { return nil }
    let (last, overflow) = first.addingReportingOverflow(byteCount - 1)
    return overflow ? nil : last
  }

  /// The next multiple of a power of two; nil beyond the address space.
  private func aligned(_ address: UInt64, _ alignment: UInt64) -> UInt64? {
    let (sum, overflow) = address.addingReportingOverflow(alignment - 1)
    return overflow ? nil : sum & ~(alignment - 1)
  }
}
