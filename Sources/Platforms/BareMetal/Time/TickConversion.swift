/// Ticks of a counter to nanoseconds, with one multiplication.
///
/// `nanoseconds = ticks * scale / 2^32` with a 128-bit product. The scale is rounded down, so that the result falls
/// behind by at most `frequency / 2^32` nanoseconds per second: 0.6 at 2.5 GHz, nothing to speak of below.
struct TickConversion: Sendable {
  private let scale: UInt64

  /// For a counter of `frequency` ticks per second; nil for anything that no counter has (1 kHz ... 1 THz).
  init?(frequency: UInt64) {
    guard frequency >= 1_000, frequency <= 1_000_000_000_000 else { return nil }
    scale = (1_000_000_000 << 32) / frequency
  }

  /// The time that `ticks` take. Never decreases when `ticks` does not.
  @inline(__always)
  func nanoseconds(_ ticks: UInt64) -> UInt64 {
    let product = ticks.multipliedFullWidth(by: scale)
    return product.high &<< 32 | product.low &>> 32
  }
}
