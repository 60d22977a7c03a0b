public import DeviceManager
public import DevicePlatform
public import DeviceTraits
public import VirtIO
public import VirtIOEntropy

/// Has the manager drive entropy devices.
public struct EntropyDriver: DeviceDriver {
  /// The driver's name.
  public let name = "virtio-rng"
  /// `rng0`, `rng1`, ...
  public let naming = DeviceNaming.numbered("rng")
  private let options: EntropyOptions

  /// A driver.
  ///
  /// - Parameter options: for each device.
  public init(options: EntropyOptions = EntropyOptions()) { self.options = options }

  /// Entropy devices, old and new.
  public func matches(_ device: DeviceIdentification) -> Bool { device.type == .entropy }

  /// Brings a source up.
  public func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named name: String
  ) throws(BringupError) -> any DrivenDevice {
    var waiter = slot.polling
    return EntropyProvider(
      try VirtIOEntropy.EntropySource(transport, options: options, waiter: &waiter), in: slot, named: name)
  }
}

/// A VirtIO entropy device as one of the machine's sources.
public final class EntropyProvider<T: Transport & ~Copyable>: DeviceTraits.EntropySource, DrivenDevice {
  private var device: VirtIOEntropy.EntropySource<T>
  private var waiter: DeviceWaiter

  /// Takes a source over, and has it interrupt if it can.
  public init(_ device: consuming VirtIOEntropy.EntropySource<T>, in slot: any DeviceSlot, named name: String) {
    waiter = slot.connect(device.makeInterruptHandle().erased, name: name) ?? slot.polling
    self.device = device
  }

  /// A source of random bytes.
  public var role: DeviceRole { .entropy(self) }
  /// Where it is.
  public var location: String { device.location }

  /// Has the device fill memory, and waits for it.
  public func fill(_ destination: inout MutableSpan<UInt8>) throws(EntropyFailure) {
    do throws(EntropyError) {
      try device.fill(&destination, waiter: &waiter)
      waiter.noteProgress()
    } catch {
      throw EntropyFailure(error.words)
    }
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
