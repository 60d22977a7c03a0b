import CQTest
public import DevicePlatform
import Glibc
import VirtualMachine

/// An emulated machine's RAM, mapped here too.
public final class GuestMemory: Sendable {
  /// Where RAM begins for devices.
  public let base: UInt64
  /// The size in bytes.
  public let byteCount: Int
  let file: MemoryFile
  let address: UInt

  /// RAM of `byteCount` bytes, a multiple of the page size.
  init(base: UInt64, byteCount: Int) throws(QTestError) {
    file = try MemoryFile(byteCount: byteCount)
    // The mapping is this object's own and goes with it.
    let mapping = unsafe cqtest_map(file.descriptor, byteCount)
    guard let mapping = unsafe mapping else { throw .system(doing: "mapping \(byteCount) bytes of RAM", errno: errno) }
    address = UInt(bitPattern: mapping)
    self.base = base
    self.byteCount = byteCount
  }

  deinit {
    // Buffers keep their pool alive, a pool its provider, and that this object: nobody uses the mapping any more.
    _ = unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount)
  }

  /// Copies bytes out of RAM.
  public func read(at device: DeviceAddress, byteCount: Int) -> [UInt8] {
    let offset = offset(of: device, byteCount)
    // Checked above to lie within the mapping.
    let bytes = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address + offset), count: byteCount)
    return unsafe Array(bytes)
  }

  /// Copies bytes into RAM.
  public func write(_ bytes: [UInt8], at device: DeviceAddress) {
    let offset = offset(of: device, bytes.count)
    // Checked above to lie within the mapping.
    let target = unsafe UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: address + offset), count: bytes.count)
    unsafe target.copyBytes(from: bytes)
  }

  private func offset(of device: DeviceAddress, _ count: Int) -> UInt {
    precondition(
      device.rawValue >= base && count >= 0 && count <= byteCount
        && device.rawValue - base <= UInt64(byteCount - count), "address outside RAM")
    return UInt(device.rawValue - base)
  }
}
