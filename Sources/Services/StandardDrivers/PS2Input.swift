public import DeviceManager
public import DevicePlatform
public import DeviceTraits
public import InputEvents
public import PS2

/// A PC's keyboard controller, with the keyboard and the mouse that answered as two of the machine's input devices.
public final class PS2Desk<Registers: RegisterAccess, W: Waiter> {
  fileprivate var controller: PS2Controller<Registers>
  fileprivate var waiter: W
  private let place: String

  /// Takes a controller over.
  ///
  /// - Parameters:
  ///   - place: where the controller is, in words.
  ///   - waiter: waits for the keyboard's answers.
  public init(_ controller: consuming PS2Controller<Registers>, place: String = "ps2", waiter: W) {
    self.controller = controller
    self.place = place
    self.waiter = waiter
  }

  /// The keyboard; nil when none answered.
  public var keyboard: PS2Keyboard<Registers, W>? {
    controller.hasKeyboard ? PS2Keyboard(self, location: "\(place), first port") : nil
  }
  /// The mouse; nil when none answered.
  public var mouse: PS2Mouse<Registers, W>? {
    controller.hasMouse ? PS2Mouse(self, location: "\(place), second port") : nil
  }
}

/// The keyboard of a PC.
public final class PS2Keyboard<Registers: RegisterAccess, W: Waiter>: InputDevice, DrivenDevice {
  private let desk: PS2Desk<Registers, W>
  // It cannot be switched off; what it tells is not taken any more.
  private var isOver = false
  /// Which port of the controller.
  public let location: String

  fileprivate init(_ desk: PS2Desk<Registers, W>, location: String) {
    self.desk = desk
    self.location = location
  }

  /// Somebody's hands.
  public var role: DeviceRole { .input(self) }

  /// Keys and lights.
  public var description: InputDescription {
    var description = InputDescription()
    description.name = "PS/2 keyboard"
    // The Linux constant is `BUS_I8042`.
    description.identity = InputIdentity(bus: 0x11, vendor: 1, product: 1, version: 0)
    var keys = InputBits()
    for code in UInt16(1)...88 where code != 84 && code != 85 { keys.insert(code) }
    for code in UInt16(96)...111 where code != 101 { keys.insert(code) }
    for code in [119, 125, 126, 127] as [UInt16] { keys.insert(code) }
    description.add(.key, keys)
    var lights = InputBits()
    for light in InputLight.allCases { lights.insert(light.rawValue) }
    description.add(.light, lights)
    description.add(.repetition)
    return description
  }

  /// The next key that went down, up, or repeats.
  public func nextFrame(_ frame: inout InputFrame) -> Bool {
    if isOver {
      frame.clear()
      return false
    }
    return desk.controller.nextKeyboardFrame(&frame)
  }

  /// Switches a light.
  public func send(_ event: InputEvent) throws(InputFailure) {
    if isOver { throw InputFailure("the keyboard was given up") }
    guard event.type == .light, let light = InputLight(rawValue: event.code) else {
      throw InputFailure("the keyboard takes no event of type \(event.type.rawValue) with code \(event.code)")
    }
    do throws(PS2Error) {
      try desk.controller.set(light, isOn: event.value != 0, waiter: &desk.waiter)
    } catch {
      throw InputFailure(error.words)
    }
  }

  /// It is nobody's from now on.
  public func shutDown() -> String? {
    isOver = true
    return nil
  }

  /// It is gone.
  public func deviceWasRemoved(_ removal: DeviceRemoval) { isOver = true }
}

/// The mouse of a PC.
public final class PS2Mouse<Registers: RegisterAccess, W: Waiter>: InputDevice, DrivenDevice {
  private let desk: PS2Desk<Registers, W>
  // It cannot be switched off; what it tells is not taken any more.
  private var isOver = false
  /// Which port of the controller.
  public let location: String

  fileprivate init(_ desk: PS2Desk<Registers, W>, location: String) {
    self.desk = desk
    self.location = location
  }

  /// Somebody's hands.
  public var role: DeviceRole { .input(self) }

  /// Distances, three buttons, a wheel.
  public var description: InputDescription {
    var description = InputDescription()
    description.name = "PS/2 mouse"
    description.identity = InputIdentity(bus: 0x11, vendor: 2, product: 1, version: 0)
    var (buttons, distances) = (InputBits(), InputBits())
    for code in UInt16(0x110)...0x112 { buttons.insert(code) }
    for code in [0, 1, 8] as [UInt16] { distances.insert(code) }
    description.add(.key, buttons)
    description.add(.relative, distances)
    return description
  }

  /// What happened next.
  public func nextFrame(_ frame: inout InputFrame) -> Bool {
    if isOver {
      frame.clear()
      return false
    }
    return desk.controller.nextMouseFrame(&frame)
  }

  /// A mouse takes nothing.
  public func send(_ event: InputEvent) throws(InputFailure) {
    throw InputFailure("the mouse takes no event of type \(event.type.rawValue) with code \(event.code)")
  }

  /// It is nobody's from now on.
  public func shutDown() -> String? {
    isOver = true
    return nil
  }

  /// It is gone.
  public func deviceWasRemoved(_ removal: DeviceRemoval) { isOver = true }
}
