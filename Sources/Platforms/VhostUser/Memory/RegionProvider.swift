public import DevicePlatform
import PageRanges
import Synchronization

/// DMA memory in files that the back-end maps, too. Sharing is arithmetic: the back-end has all of it from the start.
public final class RegionProvider: DMAProvider {
  let regions: [MemoryRegion]
  private let pages: Mutex<PageRanges>

  /// Where the first region begins for the back-end; between two regions is a gap, so that nothing spans both.
  static let firstBase: UInt64 = 1 << 32
  static let gap: UInt64 = 2 << 20

  /// - Parameters:
  ///   - byteCount: of all regions together; pages that nobody uses cost nothing. Rounded up to whole 2 MiB a region.
  ///   - regionCount: how many files, 1 to 8.
  init(byteCount: Int, regionCount: Int) throws(VhostUserError) {
    precondition(1...8 ~= regionCount && 1...(1 << 40) ~= byteCount, "1 to 8 regions of memory, 1 TiB at most")
    let each = (byteCount / regionCount + MemoryRegion.alignment - 1) & ~(MemoryRegion.alignment - 1)
    let size = max(each, MemoryRegion.alignment)
    var regions: [MemoryRegion] = []
    var base = Self.firstBase
    for _ in 0..<regionCount {
      regions.append(try MemoryRegion(base: base, byteCount: size))
      base += UInt64(size) + Self.gap
    }
    self.regions = regions
    pages = Mutex(PageRanges(regions.map { $0.base..<$0.base + UInt64($0.byteCount) }))
  }

  /// Plain loads and stores: the mapping is the memory itself.
  public var access: DirectAccess { DirectAccess() }

  /// How many bytes are free.
  public var freeByteCount: Int { Int(pages.withLock { $0.freeByteCount }) }

  /// Reserves whole pages of one region.
  public func reserve(byteCount: Int, alignment: Int) -> UInt? {
    // Both sides' addresses are aligned as far as the regions are.
    guard alignment <= MemoryRegion.alignment else { return nil }
    return pages.withLock { $0.take(byteCount: byteCount, alignment: alignment) }.flatMap {
      localAddress(of: $0, byteCount)
    }
  }

  /// Gives back what `reserve` returned.
  @unsafe public func release(address: UInt, byteCount: Int) {
    guard let device = deviceAddress(of: address) else { preconditionFailure("memory of another provider") }
    pages.withLock { $0.giveBack(device, byteCount: byteCount) }
  }

  /// Where the back-end sees a range.
  public func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    deviceAddress(of: address).map { DeviceAddress($0) }
  }

  /// Nothing to undo.
  @unsafe public func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {}

  /// Where a range of the back-end's is here; nil when it is not all in one region.
  func localAddress(of device: UInt64, _ byteCount: Int) -> UInt? {
    regions.lazy.compactMap { $0.localAddress(of: device, byteCount) }.first
  }

  /// The last byte's address for the back-end.
  var highestAddress: UInt64 { regions.map { $0.base + UInt64($0.byteCount) - 1 }.max() ?? 0 }

  private func deviceAddress(of address: UInt) -> UInt64? {
    regions.first { address >= $0.address && address - $0.address < UInt($0.byteCount) }
      .map { $0.base + UInt64(address - $0.address) }
  }
}

/// DMA memory that a vhost-user back-end shares.
public typealias VhostUserMemory = DMAPool<RegionProvider>
