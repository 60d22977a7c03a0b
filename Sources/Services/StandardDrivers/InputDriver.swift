public import DeviceManager
public import DevicePlatform
public import DeviceTraits
public import InputEvents
public import VirtIO
public import VirtIOInput

/// Has the manager drive input devices.
public struct InputDriver: DeviceDriver {
  /// The driver's name.
  public let name = "virtio-input"
  /// `input0`, `input1`, ...
  public let naming = DeviceNaming.numbered("input")
  private let options: InputOptions

  /// A driver.
  ///
  /// - Parameter options: for each device.
  public init(options: InputOptions = InputOptions()) { self.options = options }

  /// Keyboards, pointers, whatever they are.
  public func matches(_ device: DeviceIdentification) -> Bool { device.type == .input }

  /// Brings a device up.
  public func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named name: String
  ) throws(BringupError) -> any DrivenDevice {
    var waiter = slot.polling
    return EventInput(try EventDevice(transport, options: options, waiter: &waiter), in: slot, named: name)
  }
}

/// A VirtIO input device as one of the machine's.
public final class EventInput<T: Transport & ~Copyable>: InputDevice, DrivenDevice {
  private var device: EventDevice<T>
  private var waiter: DeviceWaiter
  private let slot: any DeviceSlot
  private var isArmed = false

  /// Takes a device over, and has it interrupt if it can.
  public init(_ device: consuming EventDevice<T>, in slot: any DeviceSlot, named name: String) {
    self.slot = slot
    waiter = slot.connect(device.makeInterruptHandle().erased, name: name) ?? slot.polling
    self.device = device
  }

  /// Somebody's hands.
  public var role: DeviceRole { .input(self) }
  /// Where it is.
  public var location: String { device.location }
  /// What it says about itself.
  public var description: InputDescription { device.description }

  /// The next thing that happened.
  public func nextFrame(_ frame: inout InputFrame) -> Bool {
    // Whoever looks is awake.
    if isArmed { device.disarm() }
    isArmed = false
    guard device.nextFrame(&frame) else { return false }
    waiter.noteProgress()
    return true
  }

  /// Has the device interrupt at the next event, if it can.
  public func arm() -> InputWakeUp {
    guard let interrupts = slot.interrupts, !interrupts.isMasked else { return .nothing }
    isArmed = true
    return device.arm() ? .already : .interrupt
  }

  /// Tells the device something.
  public func send(_ event: InputEvent) throws(InputFailure) {
    do throws(InputRefusal) { try device.send(event) } catch { throw InputFailure(error.words) }
  }

  /// Takes back what the device was told.
  public func serve() { device.reclaim() }

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
