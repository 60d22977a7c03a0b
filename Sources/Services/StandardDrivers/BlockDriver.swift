public import DeviceManager
public import DevicePlatform
public import DeviceTraits
public import VirtIO
public import VirtIOBlock

/// Has the manager drive block devices.
public struct BlockDriver: DeviceDriver {
  /// The driver's name.
  public let name = "virtio-blk"
  /// `vda`, `vdb`, ...
  public let naming = DeviceNaming.lettered("vd")
  private let options: BlockOptions

  /// A driver.
  ///
  /// - Parameter options: for each device.
  public init(options: BlockOptions = BlockOptions()) { self.options = options }

  /// Block devices, old and new.
  public func matches(_ device: DeviceIdentification) -> Bool { device.type == .block }

  /// Brings a disk up.
  public func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named name: String
  ) throws(BringupError) -> any DrivenDevice {
    var waiter = slot.polling
    return BlockStorage(try BlockDevice(transport, options: options, waiter: &waiter), in: slot, named: name)
  }
}

/// A VirtIO block device as one of the machine's disks.
public final class BlockStorage<T: Transport & ~Copyable>: StorageDevice, DrivenDevice {
  private var device: BlockDevice<T>
  private var waiter: DeviceWaiter

  /// Takes a disk over, and has it interrupt if it can.
  public init(_ device: consuming BlockDevice<T>, in slot: any DeviceSlot, named name: String) {
    waiter = slot.connect(device.makeInterruptHandle().erased, name: name) ?? slot.polling
    self.device = device
  }

  /// A disk.
  public var role: DeviceRole { .storage(self) }
  /// Where it is.
  public var location: String { device.location }
  /// Bytes of a block.
  public var blockByteCount: Int { Int(device.geometry.blockByteCount) }
  /// How many whole blocks there are.
  public var blockCount: UInt64 { device.geometry.byteCount / UInt64(device.geometry.blockByteCount) }
  /// True when it cannot be written.
  public var isReadOnly: Bool { device.geometry.isReadOnly }

  /// Reads blocks.
  public func read(block: UInt64, into buffer: inout DMABuffer) throws(StorageError) {
    let sector = try firstSector(block, buffer.count)
    do throws(BlockError) {
      try device.read(sector: sector, into: &buffer, waiter: &waiter)
      waiter.noteProgress()
    } catch {
      throw .failed(error.words)
    }
  }

  /// Writes blocks.
  public func write(block: UInt64, from buffer: inout DMABuffer) throws(StorageError) {
    if isReadOnly { throw .readOnly }
    let sector = try firstSector(block, buffer.count)
    do throws(BlockError) {
      try device.write(sector: sector, from: &buffer, waiter: &waiter)
      waiter.noteProgress()
    } catch {
      throw .failed(error.words)
    }
  }

  /// Has the device make sure that what was written stays.
  public func flush() throws(StorageError) {
    dropLateAnswers()
    do throws(BlockError) {
      try device.flush(waiter: &waiter)
      waiter.noteProgress()
    } catch {
      throw .failed(error.words)
    }
  }

  private func firstSector(_ block: UInt64, _ byteCount: Int) throws(StorageError) -> UInt64 {
    let range = try StorageRange(
      block: block, byteCount: byteCount, blockByteCount: blockByteCount, blockCount: blockCount)
    dropLateAnswers()
    return range.block * UInt64(blockByteCount / BlockGeometry.sectorByteCount)
  }

  // Of operations that timed out: nobody waits for them, and their buffers go back.
  private func dropLateAnswers() {
    while device.complete() != nil {}
  }

  /// All that can be seen of it.
  public func observe() -> DeviceObservation? { device.observe() }

  /// Resets the device.
  public func shutDown() -> String? {
    do throws(BringupError) {
      try device.shutDown(waiter: &waiter)
      return nil
    } catch {
      return error.words
    }
  }

  /// The device is gone.
  public func deviceWasRemoved(_ removal: DeviceRemoval) { device.deviceWasRemoved(removal) }
}
