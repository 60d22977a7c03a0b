public import DevicePlatform
public import InputEvents

/// A key that was pressed, or that is held and repeats.
public struct KeyPress: Equatable, Sendable {
  /// Which key, as Linux numbers them.
  public let code: UInt16
  /// What it types; nil for a key that types nothing.
  public let character: Unicode.Scalar?
  /// What else was held, or locked.
  public let modifiers: KeyModifiers
  /// It was not pressed anew: it is held.
  public let isRepeated: Bool
}

/// What a person types: follows the keys of one keyboard, or of several that one person uses, through their frames.
///
/// Time comes in as an argument. Keys that are held repeat: after `delay`, then each `period`.
public struct Keyboard: Sendable {
  /// What keys type.
  public var map: KeyMap
  /// How long a key is held before it repeats.
  public var delay = TimeSpan.milliseconds(500)
  /// From one repetition to the next.
  public var period = TimeSpan.milliseconds(33)
  /// What is held, or locked, at the moment.
  public private(set) var modifiers: KeyModifiers = []
  /// Which keys are down: a bit each.
  private var down = InlineArray<12, UInt64>(repeating: 0)
  private var held: UInt16?
  private var due = MonotonicTime(nanoseconds: .max)

  /// A keyboard on which nothing is pressed.
  public init(_ map: KeyMap = .us) { self.map = map }

  /// Follows one event.
  ///
  /// - Returns: what was typed, if a key went down.
  public mutating func take(_ event: InputEvent, now: MonotonicTime) -> KeyPress? {
    guard event.type == .key, event.code < 768 else { return nil }
    // 2 is a repetition of the device's own; here they are made by the clock.
    guard event.value == 0 || event.value == 1 else { return nil }
    let isDown = event.value == 1
    let (word, bit) = (Int(event.code >> 6), UInt64(1) << UInt64(event.code & 63))
    // A key that is down already was never let go of: no new press.
    if (down[word] & bit != 0) == isDown { return nil }
    down[word] = isDown ? down[word] | bit : down[word] & ~bit
    if follow(event.code, isDown) { return nil }
    guard isDown else {
      if held == event.code { release() }
      return nil
    }
    held = event.code
    due = now + delay
    return press(event.code, isRepeated: false)
  }

  /// Forgets what is pressed, not what is locked: after a frame that says that events were lost.
  public mutating func forget() {
    down = InlineArray<12, UInt64>(repeating: 0)
    modifiers.formIntersection([.capsLock, .numberLock, .scrollLock])
    release()
  }

  /// The repetition that is due, if one is. A caller that comes late gets one, not all that it missed.
  public mutating func repetition(now: MonotonicTime) -> KeyPress? {
    guard let held, now >= due else { return nil }
    due = now + period
    return press(held, isRepeated: true)
  }

  /// When the next repetition is due; nil while no key is held.
  public var nextRepetition: MonotonicTime? { held == nil ? nil : due }

  /// Whether a light should be on.
  public func isOn(_ light: InputLight) -> Bool {
    switch light {
    case .capsLock: modifiers.contains(.capsLock)
    case .numberLock: modifiers.contains(.numberLock)
    case .scrollLock: modifiers.contains(.scrollLock)
    }
  }

  private mutating func release() {
    held = nil
    due = MonotonicTime(nanoseconds: .max)
  }

  private func press(_ code: UInt16, isRepeated: Bool) -> KeyPress {
    KeyPress(
      code: code, character: map.character(for: code, modifiers), modifiers: modifiers, isRepeated: isRepeated)
  }

  private func isDown(_ code: UInt16) -> Bool { down[Int(code >> 6)] & 1 << UInt64(code & 63) != 0 }

  /// True for a key that changes others.
  private mutating func follow(_ code: UInt16, _ isDown: Bool) -> Bool {
    switch code {
    case 42, 54: hold(.shift, self.isDown(42) || self.isDown(54))
    case 29, 97: hold(.control, self.isDown(29) || self.isDown(97))
    case 56: hold(.alt, isDown)
    case 100: hold(.altGr, isDown)
    case 58: if isDown { modifiers.formSymmetricDifference(.capsLock) }
    case 69: if isDown { modifiers.formSymmetricDifference(.numberLock) }
    case 70: if isDown { modifiers.formSymmetricDifference(.scrollLock) }
    default: return false
    }
    return true
  }

  private mutating func hold(_ modifier: KeyModifiers, _ isHeld: Bool) {
    if isHeld { modifiers.insert(modifier) } else { modifiers.remove(modifier) }
  }
}
