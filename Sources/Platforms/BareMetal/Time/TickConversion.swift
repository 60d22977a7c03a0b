/// Ticks of a counter to nanoseconds, with one multiplication.
///
/// `nanoseconds = ticks * scale / 2^32` with a 128-bit product. The scale is rounded down, so that the result falls
/// behind by at most `frequency / 2^32` nanoseconds per second: 0.6 at 2.5 GHz, nothing to speak of below.
struct TickConversion: Sendable {
  private let scale: UInt64
  private let frequency: UInt64

  /// For a counter of `frequency` ticks per second; nil for anything that no counter has (1 kHz ... 1 THz).
  init?(frequency: UInt64) {
    guard frequency >= 1_000, frequency <= 1_000_000_000_000 else { return nil }
    scale = (1_000_000_000 << 32) / frequency
    self.frequency = frequency
  }

  /// The time that `ticks` take. Never decreases when `ticks` does not.
  @inline(__always)
  func nanoseconds(_ ticks: UInt64) -> UInt64 {
    let product = ticks.multipliedFullWidth(by: scale)
    return product.high &<< 32 | product.low &>> 32
  }

  /// The first tick at which `nanoseconds` are over, give or take what `scale` is rounded by; all ones when that is
  /// farther than a counter counts.
  func ticks(_ nanoseconds: UInt64) -> UInt64 {
    // Seconds, then microseconds, then the rest: no product overflows before the sum does, except for the seconds'.
    let second: UInt64 = 1_000_000_000
    let whole = (nanoseconds / second).multipliedReportingOverflow(by: frequency)
    let microseconds = nanoseconds % second / 1_000
    let part = microseconds * frequency / 1_000_000 + (nanoseconds % 1_000 * frequency + second - 1) / second
    let sum = whole.partialValue.addingReportingOverflow(part)
    // The two divisions round down by less than one tick each, in all; one more makes up for it.
    return whole.overflow || sum.overflow || sum.partialValue == .max ? .max : sum.partialValue + 1
  }
}
