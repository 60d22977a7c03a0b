/// How a scripted device misbehaves. Everything off makes it a good one. All settings act until they are taken back.
public struct Hostility: Sendable {
  /// In used elements instead of the head.
  public var usedID: UInt32?
  /// In used elements instead of the length.
  public var usedLength: UInt32?
  /// The last writable byte of a chain (the status, for most devices) is not written.
  public var leavesStatusUnwritten = false
  /// Notifications fall on deaf ears.
  public var ignoresNotifications = false

  /// In the magic value register instead of "virt"; only MMIO has one.
  public var magic: UInt32?
  /// In the interrupt status register instead of the causes; only MMIO has 32 bits of it.
  public var interruptStatus: UInt32?
  /// Added to what the status register reads; only MMIO has 32 bits of it.
  public var statusHighBits: UInt32 = 0
  /// In the version register instead of 1 or 2; only MMIO has one.
  public var version: UInt32?
  /// Pulled out: every register reads as ones, and writes go nowhere; only MMIO.
  public var isAbsent = false
  /// Writing 0 to the status changes nothing.
  public var neverResets = false
  /// After a reset the old status reads this many times before 0 does.
  public var slowResetReads = 0
  /// FEATURES_OK does not stick.
  public var refusesFeatures = false
  /// Feature words above 1 read and write word 1, as QEMU does over MMIO.
  public var aliasesFeatureWords = false

  /// The generation reads differently each time.
  public var generationNeverSettles = false
  /// So many reads of the configuration each change all its bytes, and the generation.
  public var configurationChanges = 0

  /// Read as the largest size of every queue, whatever it is.
  public var queueMaximum: UInt32?
  /// Queues read as enabled, in use, from the start.
  public var queuesInUse = false
  /// Enabling a queue has no effect.
  public var queuesStayDisabled = false

  /// A well-behaved device.
  public init() {}
}
