import DevicePlatform
import Synchronization

/// Heap memory that a scripted device reaches by addresses of its own.
///
/// A device address has nothing in common with the driver's address of the same byte, so that mixing them up shows.
/// Device addresses are never used twice and ranges have gaps between them: a stale address, or one byte too many,
/// leads nowhere and is reported. They start low, because a legacy device has 44 bits.
public final class DeviceHeap: Sendable {
  struct Range {
    var address: UInt
    var deviceAddress: UInt64
    var byteCount: Int
    var direction: DMADirection

    /// All of these bytes, at the driver's address, lie in it.
    func contains(_ address: UInt, _ byteCount: Int) -> Bool {
      address >= self.address && address - self.address <= UInt(self.byteCount)
        && byteCount <= self.byteCount - Int(address - self.address)
    }
  }

  private struct Reservation {
    var deviceAddress: UInt64
    var byteCount: Int
    var alignment: Int
  }

  private struct State {
    var nextDeviceAddress: UInt64
    var reservations: [UInt: Reservation] = [:]
    var reservedBytes = 0
    // Sorted by device address.
    var shared: [Range] = []
    // The one of them that was asked for last: whoever fills a ring asks for the same one again and again.
    var recent: Range?
    var capacity = Int.max
    var reservationsToFail = 0
    var sharesToFail = 0
    var violations: [String] = []

    /// What was reserved around a range: as a rule it begins there.
    func home(of address: UInt, byteCount: Int) -> (base: UInt, reservation: Reservation)? {
      func isHome(_ base: UInt, _ reservation: Reservation) -> Bool {
        address >= base && address - base <= UInt(reservation.byteCount)
          && byteCount <= reservation.byteCount - Int(address - base)
      }
      if let exact = reservations[address], isHome(address, exact) { return (address, exact) }
      return reservations.first(where: isHome).map { ($0.key, $0.value) }
    }
  }

  private let state: Mutex<State>

  /// An empty heap.
  ///
  /// - Parameter deviceBase: the first device address; a page boundary, not 0.
  public init(deviceBase: UInt64 = 0x4000_0000) {
    precondition(deviceBase != 0 && deviceBase & 0xfff == 0, "device base")
    state = Mutex(State(nextDeviceAddress: deviceBase))
  }

  // What is still reserved: its owner outlived the test, and the process keeps nothing of it.
  deinit { discardAll() }

  /// Frees what is still reserved, and ends all sharing: for the end of a run.
  ///
  /// A buffer that was lost on purpose keeps its pool for ever, and with it this heap. Nobody touches lost memory but the
  /// device, which finds nothing from now on.
  public func discardAll() {
    state.withLock { state in
      for address in state.reservations.keys { unsafe Self.pointer(address).deallocate() }
      state.reservations = [:]
      state.reservedBytes = 0
      state.shared = []
      state.recent = nil
    }
  }

  /// Ranges that were reserved and not released.
  public var reservationCount: Int { state.withLock { $0.reservations.count } }
  /// Their bytes.
  public var reservedBytes: Int { state.withLock { $0.reservedBytes } }
  /// Ranges that the device can reach.
  public var sharedCount: Int { state.withLock { $0.shared.count } }
  /// What a provider's user did wrong: releases of unknown ranges, ranges released while shared.
  public var violations: [String] { state.withLock { $0.violations } }
  /// Bytes that can be reserved at a time; no limit at first.
  public var capacity: Int {
    get { state.withLock { $0.capacity } }
    set { state.withLock { $0.capacity = newValue } }
  }

  /// Lets the next reservations fail.
  public func failReservations(_ count: Int) { state.withLock { $0.reservationsToFail = count } }
  /// Lets the next attempts to share fail.
  public func failShares(_ count: Int) { state.withLock { $0.sharesToFail = count } }

  // MARK: The driver's side

  func reserve(byteCount: Int, alignment: Int) -> UInt? {
    state.withLock { state in
      if state.reservationsToFail > 0 {
        state.reservationsToFail -= 1
        return nil
      }
      guard byteCount <= state.capacity - state.reservedBytes else { return nil }
      let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: max(16, alignment))
      // Not zero: whoever promises zeroed memory has to do it.
      let words = byteCount / 8
      unsafe memory.initializeMemory(as: UInt64.self, repeating: 0xa5a5_a5a5_a5a5_a5a5, count: words)
      unsafe (memory + 8 * words).initializeMemory(as: UInt8.self, repeating: 0xa5, count: byteCount % 8)
      let unit = UInt64(alignment)
      let start = (state.nextDeviceAddress + unit - 1) & ~(unit - 1)
      state.nextDeviceAddress = start + UInt64(byteCount) + 64
      let address = UInt(bitPattern: memory)
      state.reservations[address] = Reservation(deviceAddress: start, byteCount: byteCount, alignment: alignment)
      state.reservedBytes += byteCount
      return address
    }
  }

  func release(address: UInt, byteCount: Int) {
    state.withLock { state in
      guard let reservation = state.reservations[address], reservation.byteCount == byteCount else {
        state.violations.append("released \(byteCount) bytes that were not reserved as such")
        return
      }
      if state.shared.contains(where: { $0.address >= address && $0.address < address + UInt(byteCount) }) {
        state.violations.append("released \(byteCount) bytes that the device still reaches")
      }
      state.reservations[address] = nil
      state.reservedBytes -= byteCount
      unsafe Self.pointer(address).deallocate()
    }
  }

  func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    state.withLock { state in
      if state.sharesToFail > 0 {
        state.sharesToFail -= 1
        return nil
      }
      guard let home = state.home(of: address, byteCount: byteCount) else {
        state.violations.append("shared \(byteCount) bytes that were not reserved")
        return nil
      }
      let deviceAddress = home.reservation.deviceAddress + UInt64(address - home.base)
      let position = state.shared.firstIndex { $0.deviceAddress > deviceAddress } ?? state.shared.count
      state.shared.insert(
        Range(address: address, deviceAddress: deviceAddress, byteCount: byteCount, direction: direction), at: position)
      return DeviceAddress(deviceAddress)
    }
  }

  func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {
    state.withLock { state in
      let position = state.shared.firstIndex {
        $0.deviceAddress == deviceAddress.rawValue && $0.address == address && $0.byteCount == byteCount
      }
      guard let position else {
        state.violations.append("ended the sharing of \(byteCount) bytes that were not shared as such")
        return
      }
      state.shared.remove(at: position)
      state.recent = nil
    }
  }

  /// Whether all of these bytes, at the driver's address, are shared with the device at the moment.
  public func isShared(address: UInt, byteCount: Int) -> Bool {
    state.withLock { state in
      if let recent = state.recent, recent.contains(address, byteCount) { return true }
      guard let range = state.shared.first(where: { $0.contains(address, byteCount) }) else { return false }
      state.recent = range
      return true
    }
  }

  /// Hostile: writes a byte into any shared range that devices may write; `range` and `offset` are cut down to what exists.
  public func scribble(range: UInt8, at offset: UInt32, _ byte: UInt8) {
    state.withLock { state in
      let writable = state.shared.filter { $0.direction != .deviceReadable }
      if writable.isEmpty { return }
      let place = writable[Int(range) % writable.count]
      unsafe Self.pointer(place.address + UInt(Int(offset) % place.byteCount)).storeBytes(of: byte, as: UInt8.self)
    }
  }

  // MARK: The device's side

  /// Why a device cannot reach memory.
  public struct Fault: Error {
    /// The reason in one line.
    public var words: String
  }

  /// The driver's address of a range that the device wants to touch.
  func locate(_ deviceAddress: UInt64, byteCount: Int, writing: Bool) throws(Fault) -> UInt {
    let place = "0x\(String(deviceAddress, radix: 16)) (\(byteCount) bytes)"
    let range: Range? = state.withLock { state in
      var low = 0
      var high = state.shared.count
      while low < high {
        let middle = (low + high) / 2
        if state.shared[middle].deviceAddress <= deviceAddress { low = middle + 1 } else { high = middle }
      }
      return low == 0 ? nil : state.shared[low - 1]
    }
    guard let range, deviceAddress - range.deviceAddress < UInt64(range.byteCount),
      byteCount <= range.byteCount - Int(deviceAddress - range.deviceAddress)
    else { throw Fault(words: "\(place) is not shared with the device") }
    if writing && range.direction == .deviceReadable {
      throw Fault(words: "\(place) is shared for reading and was to be written")
    }
    if !writing && range.direction == .deviceWritable {
      throw Fault(words: "\(place) is shared for writing and was to be read")
    }
    return range.address + UInt(deviceAddress - range.deviceAddress)
  }

  /// What a device finds at its address; a fault where nothing is shared for reading.
  public func read(_ deviceAddress: UInt64, byteCount: Int) throws(Fault) -> [UInt8] {
    let address = try locate(deviceAddress, byteCount: byteCount, writing: false)
    return unsafe Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: byteCount))
  }

  func write(_ bytes: ArraySlice<UInt8>, at deviceAddress: UInt64) throws(Fault) {
    if bytes.isEmpty { return }
    let address = try locate(deviceAddress, byteCount: bytes.count, writing: true)
    unsafe bytes.withUnsafeBytes { source in
      unsafe Self.pointer(address).copyMemory(from: source.baseAddress.unsafelyUnwrapped, byteCount: source.count)
    }
  }

  /// Addresses come from `reserve`, never nil.
  @unsafe private static func pointer(_ address: UInt) -> UnsafeMutableRawPointer {
    unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
  }
}
