#if os(none)
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import VirtIO
  import VirtIOBlock

  /// A disk as everybody above the manager sees it: blocks, and errors in words.
  final class DiskStorage<T: Transport & ~Copyable>: StorageDevice {
    private let disk: TransportDisk<T>

    init(_ disk: TransportDisk<T>) { self.disk = disk }

    var blockByteCount: Int { Int(disk.geometry.blockByteCount) }
    var blockCount: UInt64 { disk.geometry.byteCount / UInt64(disk.geometry.blockByteCount) }
    var isReadOnly: Bool { disk.geometry.isReadOnly }

    func read(block: UInt64, into buffer: inout DMABuffer) throws(StorageError) {
      let sector = try firstSector(block, buffer.count)
      do throws(BlockError) { try disk.read(sector: sector, into: &buffer) } catch { throw .failed(error.words) }
    }

    func write(block: UInt64, from buffer: inout DMABuffer) throws(StorageError) {
      if isReadOnly { throw .readOnly }
      let sector = try firstSector(block, buffer.count)
      do throws(BlockError) { try disk.write(sector: sector, from: &buffer) } catch { throw .failed(error.words) }
    }

    func flush() throws(StorageError) {
      dropLateAnswers()
      do throws(BlockError) { try disk.flush() } catch { throw .failed(error.words) }
    }

    private func firstSector(_ block: UInt64, _ byteCount: Int) throws(StorageError) -> UInt64 {
      let range = try StorageRange(
        block: block, byteCount: byteCount, blockByteCount: blockByteCount, blockCount: blockCount)
      dropLateAnswers()
      return range.block * UInt64(blockByteCount / BlockGeometry.sectorByteCount)
    }

    // Of operations that timed out: nobody waits for them, and their buffers go back. Whoever has requests of their own in
    // flight on this disk does not use it as storage meanwhile.
    private func dropLateAnswers() {
      while disk.completeUnnoticed() != nil {}
    }
  }

  extension TransportDisk where T: ~Copyable {
    var role: DeviceRole { .storage(DiskStorage(self)) }

    func observe() -> DeviceObservation? { device.observe() }

    func shutDown() -> String? {
      var waiter = waiter
      do throws(BringupError) {
        try device.shutDown(waiter: &waiter)
        return nil
      } catch {
        return error.words
      }
    }

    func deviceWasRemoved(_ removal: DeviceRemoval) { device.deviceWasRemoved(removal) }
  }
#endif
