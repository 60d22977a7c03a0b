import CVhostUser
import DevicePlatform
import Glibc

/// A file in memory, mapped here, that a back-end maps too. It has no path: nothing is left behind, whatever happens.
final class MemoryRegion: Sendable {
  let descriptor: Int32
  /// Where it is mapped here.
  let address: UInt
  /// Where the back-end thinks it is: in descriptors as well as in messages. Neither is an address of this process, so
  /// that no back-end learns one.
  let base: UInt64
  let byteCount: Int

  static let alignment = 2 << 20

  /// - Parameter byteCount: a multiple of 2 MiB.
  init(base: UInt64, byteCount: Int) throws(VhostUserError) {
    descriptor = cvhost_memory_file(byteCount)
    guard descriptor >= 0 else {
      throw .system(doing: "making a memory file of \(byteCount) bytes", errno: -descriptor)
    }
    // The mapping is this object's own and goes with it.
    guard let mapping = unsafe cvhost_map(descriptor, byteCount) else {
      let reason = errno
      close(descriptor)
      throw .system(doing: "mapping \(byteCount) bytes of memory", errno: reason)
    }
    address = UInt(bitPattern: mapping)
    self.base = base
    self.byteCount = byteCount
  }

  deinit {
    // Buffers keep their pool alive, a pool its provider, and that this object: nobody uses the mapping any more.
    _ = unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount)
    close(descriptor)
  }

  /// Where `count` bytes at an address of the back-end's are here; nil when they are not all in this region.
  func localAddress(of device: UInt64, _ count: Int) -> UInt? {
    guard device >= base, count >= 0, count <= byteCount, device - base <= UInt64(byteCount - count) else { return nil }
    return address + UInt(device - base)
  }
}
