import DevicePlatform
import Foundation
import PlatformCheck
import Synchronization

/// Pages of an arena, and one rule that they do not keep.
final class FlawedPages: DMAProvider {
  static let pageByteCount = 4_096
  static let pageCount = 8_192
  let flaw: PlatformRule?
  // Allocated once, freed in `deinit`, and not a pointer so that the class is sendable.
  private let base: UInt
  private let used: Mutex<[Bool]>
  private let shares = Atomic<Int>(0)

  init(flaw: PlatformRule?) {
    self.flaw = flaw
    let arena = UnsafeMutableRawPointer.allocate(byteCount: Self.pageByteCount * Self.pageCount, alignment: 65_536)
    base = UInt(bitPattern: arena)
    used = Mutex([Bool](repeating: false, count: Self.pageCount))
    // The first page is the one that is handed out again and again.
    used.withLock { $0[0] = flaw == .distinctRanges }
  }

  deinit { unsafe UnsafeMutableRawPointer(bitPattern: base)?.deallocate() }

  var access: DirectAccess { DirectAccess() }
  var pagesInUse: Int { used.withLock { $0.count { $0 } } }

  private func pages(_ byteCount: Int) -> Int { (byteCount + 8 + Self.pageByteCount - 1) / Self.pageByteCount }

  func reserve(byteCount: Int, alignment: Int) -> UInt? {
    if byteCount > Self.pageCount * Self.pageByteCount - 8 { return flaw == .outOfMemory ? base : nil }
    if flaw == .largeRange, byteCount > 128 << 10 { return nil }
    if flaw == .distinctRanges, byteCount <= 100 { return base }
    let count = pages(byteCount)
    let step = max(1, alignment / Self.pageByteCount)
    let first = used.withLock { used -> Int? in
      // Thousands of pages are looked at thousands of times and never optimised: without slices and iterators.
      var first = 0
      while first <= Self.pageCount - count {
        var page = first
        while page < first + count, !used[page] { page += 1 }
        if page == first + count {
          for page in first..<page { used[page] = true }
          return first
        }
        first += step
      }
      return nil
    }
    guard let first else { return nil }
    return base + UInt(first * Self.pageByteCount) + (flaw == .alignment && alignment > 8 ? 8 : 0)
  }

  func release(address: UInt, byteCount: Int) {
    if flaw == .releaseGivesBack || byteCount > Self.pageCount * Self.pageByteCount - 8 { return }
    if flaw == .distinctRanges, byteCount <= 100 { return }
    let first = Int(address - base) / Self.pageByteCount
    used.withLock { used in for page in first..<first + pages(byteCount) { used[page] = false } }
  }

  func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    if flaw == .sharingSymmetrical, shares.wrappingAdd(1, ordering: .relaxed).newValue > 3_000 { return nil }
    switch flaw {
    case .alignment: return DeviceAddress(UInt64(address & ~15))
    case .deviceAlignment: return DeviceAddress(UInt64(address + 8))
    case .distinctDeviceRanges: return DeviceAddress(UInt64(base))
    default: return DeviceAddress(UInt64(address))
    }
  }

  func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {}
}

/// Buffers, of which the last byte is not zero if that is the flaw.
final class FlawedBuffers: DMAMemory {
  let pool: DMAPool<FlawedPages>
  init(_ pages: FlawedPages) { pool = DMAPool(provider: pages) }

  var access: DirectAccess { DirectAccess() }

  func allocate(byteCount: Int, alignment: Int, direction: DMADirection) throws(DMAError) -> DMABuffer {
    var buffer = try pool.allocate(byteCount: byteCount, alignment: alignment, direction: direction)
    if pool.provider.flaw == .zeroed { buffer[byteCount - 1] = 1 }
    return buffer
  }

  // Buffers find the way home to the pool.
  func reclaim(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {}
}

/// The process's time, with one rule that it does not keep.
final class FlawedClock: Clock {
  let flaw: PlatformRule?
  private let readings = Atomic<UInt64>(0)
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  init(flaw: PlatformRule?) {
    self.flaw = flaw
    start = clock.now
  }

  private var nanoseconds: UInt64 {
    let span = (clock.now - start).components
    return 1_000_000_000 + UInt64(span.seconds) * 1_000_000_000 + UInt64(span.attoseconds / 1_000_000_000)
  }

  var now: MonotonicTime {
    switch flaw {
    case .clockMoves: return MonotonicTime(nanoseconds: 1_000_000_000)
    case .clockMonotonic:
      let reading = readings.wrappingAdd(1, ordering: .relaxed).newValue
      return MonotonicTime(nanoseconds: nanoseconds - (reading % 64 == 0 ? 1_000_000 : 0))
    // Milliseconds.
    case .clockUnit: return MonotonicTime(nanoseconds: nanoseconds / 1_000_000)
    default: return MonotonicTime(nanoseconds: nanoseconds)
    }
  }
}

/// Waits for a flag, with one rule that it does not keep.
struct FlawedWaiter: Waiter {
  let clock: FlawedClock
  let isInterrupted: Flag
  /// Returns for no reason, at once.
  var isSpurious = false

  final class Flag: Sendable { let value = Atomic<Bool>(false) }

  var now: MonotonicTime { clock.now + .seconds(clock.flaw == .sameTime ? 10 : 0) }

  mutating func wait(until deadline: MonotonicTime) {
    if isSpurious { return }
    // The mistake: what came before the wait is forgotten.
    if clock.flaw == .interruptWakes { isInterrupted.value.store(false, ordering: .relaxed) }
    var end = deadline
    if clock.flaw == .pastDeadline, deadline.nanoseconds == 0 { end = clock.now + .milliseconds(1_500) }
    if clock.flaw == .deadlineKept, deadline > clock.now + .milliseconds(1) { end = deadline + .milliseconds(1_500) }
    while clock.now < end, !isInterrupted.value.exchange(false, ordering: .relaxed) {
      // Nothing interrupts later than before the wait.
      if end - clock.now > .milliseconds(3) { Thread.sleep(forTimeInterval: 0.001) } else { relaxProcessor() }
    }
  }
}
