import VirtIO

/// The back-end of a block device: a disk in memory.
///
/// SPEC: Device Types / Block Device / Device Operation
public final class BlockModel {
  /// The disk, in sectors of 512 bytes.
  public var storage: [UInt8]
  /// Writes fail.
  public var isReadOnly = false
  /// What GET_ID answers, cut or filled up to 20 bytes.
  public var identifier = "scripted-disk"
  /// Requests that touch one of these sectors fail with IOERR.
  public var failingSectors: Set<UInt64> = []
  /// FLUSH fails with IOERR.
  public var flushFails = false
  /// Flushes so far.
  public internal(set) var flushCount = 0
  /// Requests by type, in order.
  public internal(set) var requestTypes: [UInt32] = []

  /// Feature bits of the block device, written out here because the driver's constants are under test.
  enum Bit {
    static let segmentMaximum = FeatureSet(bit: 2)
    static let readOnly = FeatureSet(bit: 5)
    static let blockSize = FeatureSet(bit: 6)
    static let flush = FeatureSet(bit: 9)
  }

  /// A disk of zeroes.
  public init(sectors: Int) { storage = Array(repeating: 0, count: sectors * 512) }

  /// The disk's size in sectors.
  public var capacity: UInt64 { UInt64(storage.count / 512) }

  /// Fills each sector with a pattern that names it: the number in its first eight bytes, its low byte in the rest.
  public func fillWithPattern() {
    for sector in 0..<Int(capacity) {
      storage.replaceSubrange(sector * 512..<sector * 512 + 512, with: Self.pattern(UInt64(sector)))
    }
  }

  /// The pattern of one sector.
  public static func pattern(_ sector: UInt64) -> [UInt8] {
    little(sector, 8) + Array(repeating: UInt8(truncatingIfNeeded: sector &+ 1), count: 504)
  }

  /// A device with this disk behind its queue.
  ///
  /// - Parameters:
  ///   - features: besides SEG_MAX, BLK_SIZE, FLUSH, and RO for a read-only disk.
  ///   - queueSize: the largest size of its one queue.
  ///   - segmentMaximum: data segments of a request.
  public func makeDevice(
    features: FeatureSet = [.indirectDescriptors, .eventIndex], queueSize: UInt32 = 128, segmentMaximum: UInt32 = 126,
    heap: DeviceHeap, isLegacy: Bool = false
  ) -> ScriptedDevice {
    var offered = features.union([Bit.segmentMaximum, Bit.blockSize, Bit.flush])
    if isReadOnly { offered.insert(Bit.readOnly) }
    let device = ScriptedDevice(
      type: .block, features: offered, queueSizes: [queueSize], configuration: configuration(segmentMaximum),
      heap: heap, isLegacy: isLegacy)
    device.configurationFields = Self.fields
    device.setHandler(queue: 0) { request, device in self.answer(request, device) }
    return device
  }

  /// Changes the disk's size and tells the driver.
  public func resize(sectors: Int, on device: ScriptedDevice) {
    if sectors * 512 < storage.count { storage.removeLast(storage.count - sectors * 512) }
    storage += Array(repeating: 0, count: sectors * 512 - storage.count)
    device.changeConfiguration(at: 0, to: Self.little(capacity, 8))
  }

  /// `virtio_blk_config` up to and with `write_zeroes_may_unmap` and its padding.
  private func configuration(_ segmentMaximum: UInt32) -> [UInt8] {
    var bytes = Self.little(capacity, 8) + Self.little(0, 4) + Self.little(UInt64(segmentMaximum), 4)
    bytes += Self.little(0, 4) + Self.little(512, 4)
    return bytes + Array(repeating: 0, count: 60 - bytes.count)
  }

  /// Offset and access width of the fields.
  private static let fields: [Int: Int] = [
    0: 4, 4: 4, 8: 4, 12: 4, 16: 2, 18: 1, 19: 1, 20: 4, 24: 1, 25: 1, 26: 2, 28: 4, 32: 1, 34: 2, 36: 4, 40: 4,
    44: 4, 48: 4, 52: 4, 56: 1,
  ]

  static func little(_ value: UInt64, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }
}
