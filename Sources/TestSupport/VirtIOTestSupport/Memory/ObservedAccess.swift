public import DevicePlatform

/// Sees every access that a driver makes to memory shared with the device, and may act in between: the device of a
/// fuzzer or a model lives in its hook.
///
/// Unchecked: used by the one thread that runs the test, like the driver it observes.
public final class AccessObserver: @unchecked Sendable {
  /// One access of the driver.
  public enum Access: Equatable, Sendable {
    /// A read of this many bytes.
    case load(address: UInt, byteCount: Int)
    /// A read that no later access may overtake.
    case loadAcquiring(address: UInt, byteCount: Int)
    /// A write of this many bytes.
    case store(address: UInt, byteCount: Int, value: UInt64)
    /// A write that overtakes no earlier access.
    case storeReleasing(address: UInt, byteCount: Int, value: UInt64)
    /// A full barrier.
    case fence
  }

  /// Whether an access is about to happen or has happened.
  public enum Moment: Sendable {
    /// Not done yet.
    case before
    /// Done.
    case after
  }

  /// Called before and after each access.
  public var hook: ((Access, Moment) -> Void)?
  /// Accesses so far.
  public private(set) var count = 0

  /// Observes without a hook at first.
  public init() {}

  func observe<Result>(_ access: Access, _ body: () -> Result) -> Result {
    count += 1
    hook?(access, .before)
    let result = body()
    hook?(access, .after)
    return result
  }
}

/// Direct access, with an observer.
@safe
public struct ObservedAccess: SharedAccess {
  /// Who is told.
  public let observer: AccessObserver
  private let direct = DirectAccess()

  /// Access that `observer` sees.
  public init(observer: AccessObserver) { self.observer = observer }

  /// Reads a byte.
  @unsafe public func load8(_ address: UInt) -> UInt8 {
    observer.observe(.load(address: address, byteCount: 1)) { unsafe direct.load8(address) }
  }
  /// Reads two bytes at once.
  @unsafe public func load16(_ address: UInt) -> UInt16 {
    observer.observe(.load(address: address, byteCount: 2)) { unsafe direct.load16(address) }
  }
  /// Reads two bytes; no later access is performed before it.
  @unsafe public func loadAcquiring16(_ address: UInt) -> UInt16 {
    observer.observe(.loadAcquiring(address: address, byteCount: 2)) { unsafe direct.loadAcquiring16(address) }
  }
  /// Reads four bytes at once.
  @unsafe public func load32(_ address: UInt) -> UInt32 {
    observer.observe(.load(address: address, byteCount: 4)) { unsafe direct.load32(address) }
  }
  /// Writes a byte.
  @unsafe public func store8(_ value: UInt8, _ address: UInt) {
    observer.observe(.store(address: address, byteCount: 1, value: UInt64(value))) {
      unsafe direct.store8(value, address)
    }
  }
  /// Writes two bytes at once.
  @unsafe public func store16(_ value: UInt16, _ address: UInt) {
    observer.observe(.store(address: address, byteCount: 2, value: UInt64(value))) {
      unsafe direct.store16(value, address)
    }
  }
  /// Writes two bytes; no earlier access is performed after it.
  @unsafe public func storeReleasing16(_ value: UInt16, _ address: UInt) {
    observer.observe(.storeReleasing(address: address, byteCount: 2, value: UInt64(value))) {
      unsafe direct.storeReleasing16(value, address)
    }
  }
  /// Writes four bytes at once.
  @unsafe public func store32(_ value: UInt32, _ address: UInt) {
    observer.observe(.store(address: address, byteCount: 4, value: UInt64(value))) {
      unsafe direct.store32(value, address)
    }
  }
  /// Writes eight bytes; the device does not look before a later releasing store.
  @unsafe public func store64(_ value: UInt64, _ address: UInt) {
    observer.observe(.store(address: address, byteCount: 8, value: value)) { unsafe direct.store64(value, address) }
  }
  /// Orders every earlier access before every later one.
  public func fence() { observer.observe(.fence) { direct.fence() } }
}
