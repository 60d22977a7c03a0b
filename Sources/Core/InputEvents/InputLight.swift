/// A keyboard's lights.
public enum InputLight: UInt16, CaseIterable, Sendable {
  /// The Linux constant is `LED_NUML`.
  case numberLock = 0
  /// The Linux constant is `LED_CAPSL`.
  case capsLock = 1
  /// The Linux constant is `LED_SCROLLL`.
  case scrollLock = 2
}
