public import DeviceManager
public import DevicePlatform
public import DeviceTraits
public import VirtIO
public import VirtIOConsole

/// Has the manager drive consoles.
public struct ConsoleDriver: DeviceDriver {
  /// The driver's name.
  public let name = "virtio-console"
  /// `console0`, `console1`, ...
  public let naming = DeviceNaming.numbered("console")
  private let options: ConsoleOptions

  /// A driver.
  ///
  /// - Parameter options: for each device.
  public init(options: ConsoleOptions = ConsoleOptions()) { self.options = options }

  /// Consoles, old and new.
  public func matches(_ device: DeviceIdentification) -> Bool { device.type == .console }

  /// Brings a console up.
  public func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named name: String
  ) throws(BringupError) -> any DrivenDevice {
    var waiter = slot.polling
    return TextConsole(try ConsolePorts(transport, options: options, waiter: &waiter), in: slot, named: name)
  }
}

/// The port for text of a VirtIO console: the first that the device calls a console, or the only one.
public final class TextConsole<T: Transport & ~Copyable>: ConsoleDevice, DrivenDevice {
  private var ports: ConsolePorts<T>
  private var waiter: DeviceWaiter
  /// How long a write waits for the device's side, which may have stopped reading.
  private let patience = TimeSpan.seconds(1)
  // A device without such a port keeps only the first write waiting.
  private var hasWaitedForPort = false

  /// Takes a console over, and has it interrupt if it can.
  public init(_ ports: consuming ConsolePorts<T>, in slot: any DeviceSlot, named name: String) {
    waiter = slot.connect(ports.makeInterruptHandle().erased, name: name) ?? slot.polling
    self.ports = ports
  }

  /// A console.
  public var role: DeviceRole { .console(self) }
  /// Where it is.
  public var location: String { ports.location }

  /// The port for text, if the device has one yet.
  private var port: Int? { (0..<ports.portCount).first { ports.isConsole(port: $0) } }

  /// What the device said last.
  public var textSize: ConsoleTextSize? {
    _ = ports.refreshSize()
    return port.flatMap { ports.size(ofPort: $0) }
      .map { ConsoleTextSize(columns: Int($0.columns), rows: Int($0.rows)) }
  }

  /// Writes bytes, and returns when the device has taken them. Waits for the port, if the device has yet to tell of it.
  public func write(_ bytes: Span<UInt8>) throws(ConsoleFailure) {
    serve()
    if port == nil, !hasWaitedForPort { waitForPort() }
    guard let port else { throw ConsoleFailure("the device has no port for text") }
    do throws(ConsoleError) {
      try ports.write(bytes, port: port, waiter: &waiter, timeout: patience)
      waiter.noteProgress()
    } catch {
      throw ConsoleFailure(error.words)
    }
  }

  /// Writes a byte into the device's register for that, if it has one.
  public func writeInEmergency(_ byte: UInt8) -> Bool { ports.emergencyWrite(byte) }

  /// Takes bytes that came in.
  public func read(into destination: inout MutableSpan<UInt8>) throws(ConsoleFailure) -> Int {
    serve()
    guard let port else { return 0 }
    do throws(ConsoleError) {
      let count = try ports.read(into: &destination, port: port, waiter: &waiter, timeout: .milliseconds(0))
      if count > 0 { waiter.noteProgress() }
      return count
    } catch {
      throw ConsoleFailure(error.words)
    }
  }

  /// Takes what became of the ports.
  public func serve() {
    // As many as can wait: a device that goes on telling does not keep the caller for ever.
    for _ in 0..<64 where ports.nextEvent() == nil { return }
  }

  private func waitForPort() {
    let deadline = waiter.now + patience
    while port == nil, waiter.now < deadline {
      if !ports.arm() { waiter.wait(until: deadline) }
      serve()
    }
    ports.disarm()
    hasWaitedForPort = true
  }

  /// All that can be seen of it.
  public func observe() -> DeviceObservation? { ports.observe() }

  /// Resets the device.
  public func shutDown() -> String? {
    do throws(BringupError) {
      try ports.shutDown(waiter: &waiter)
      return nil
    } catch {
      return error.words
    }
  }

  /// The device is gone.
  public func deviceWasRemoved(_ removal: DeviceRemoval) { ports.deviceWasRemoved(removal) }
}
