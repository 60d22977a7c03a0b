import DevicePlatform
import Foundation
import QTest
import Synchronization

/// Shared memory as a processor with a store buffer sees it, at its slowest: the store of an index stays in the buffer
/// until a fence, or until the load after it has been performed. The spec's fence between the two is what keeps the
/// order; with `hasFences` false the driver has left it out.
///
/// Every processor may do this, x86 included; here it happens each time.
final class StoreBuffer: SharedAccess {
  private let direct = DirectAccess()
  private let hasFences: Bool
  private let pending = Mutex<(value: UInt16, address: UInt)?>(nil)

  init(hasFences: Bool) { self.hasFences = hasFences }

  private func drain() {
    pending.withLock {
      // An address that the ring gave for this very store.
      if let store = $0 { unsafe direct.storeReleasing16(store.value, store.address) }
      $0 = nil
    }
  }

  func fence() {
    if hasFences { drain() }
    direct.fence()
  }

  @unsafe func storeReleasing16(_ value: UInt16, _ address: UInt) {
    drain()
    pending.withLock { $0 = (value, address) }
  }

  @unsafe func load16(_ address: UInt) -> UInt16 {
    let value = unsafe direct.load16(address)
    if pending.withLock({ $0 != nil }) { usleep(20) }
    drain()
    return value
  }

  // All others find the buffer empty or do not touch what is in it.
  @unsafe func load8(_ address: UInt) -> UInt8 { unsafe direct.load8(address) }
  @unsafe func loadAcquiring16(_ address: UInt) -> UInt16 {
    drain()
    return unsafe direct.loadAcquiring16(address)
  }
  @unsafe func load32(_ address: UInt) -> UInt32 { unsafe direct.load32(address) }
  @unsafe func store8(_ value: UInt8, _ address: UInt) { unsafe direct.store8(value, address) }
  @unsafe func store16(_ value: UInt16, _ address: UInt) { unsafe direct.store16(value, address) }
  @unsafe func store32(_ value: UInt32, _ address: UInt) { unsafe direct.store32(value, address) }
  @unsafe func store64(_ value: UInt64, _ address: UInt) { unsafe direct.store64(value, address) }
}

/// A machine's DMA memory, seen through another accessor.
final class RefittedMemory<Access: SharedAccess>: DMAProvider {
  let access: Access
  private let provider: QTestMemoryProvider

  init(_ provider: QTestMemoryProvider, access: Access) {
    self.provider = provider
    self.access = access
  }

  func reserve(byteCount: Int, alignment: Int) -> UInt? {
    provider.reserve(byteCount: byteCount, alignment: alignment)
  }
  @unsafe func release(address: UInt, byteCount: Int) {
    unsafe provider.release(address: address, byteCount: byteCount)
  }
  func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    provider.share(address: address, byteCount: byteCount, direction: direction)
  }
  @unsafe func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {
    unsafe provider.unshare(address: address, deviceAddress: deviceAddress, byteCount: byteCount)
  }
}
