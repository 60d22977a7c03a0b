#if os(none)
  internal import CBareMetal
  public import DevicePlatform

  /// The processor's free-running counter as a clock: `cntvct` on aarch64, `time` on riscv64, the time stamp counter on
  /// x86_64. It starts when the machine starts.
  public struct CounterClock: Clock {
    /// How the counter's frequency became known.
    public enum Source: Sendable {
      /// The processor says it (`cntfrq` on aarch64).
      case processor
      /// The caller said it, out of a device tree or by convention.
      case caller
      /// Measured against the interval timer (x86).
      case intervalTimer
      /// CPUID leaf 0x15, 0x16 or the hypervisor's 0x40000010; no reference timer was found (x86).
      case processorIdentification

      /// In words, for a log.
      public var words: String {
        switch self {
        case .processor: "said by the processor"
        case .caller: "given"
        case .intervalTimer: "measured against the interval timer"
        case .processorIdentification: "said by CPUID, no timer to measure against"
        }
      }
    }

    /// Ticks per second.
    public let frequency: UInt64
    /// Where that number comes from.
    public let source: Source
    private let conversion: TickConversion

    /// A clock on a counter whose frequency is known; nil unless that is between 1 kHz and 1 THz.
    public init?(frequency: UInt64) { self.init(frequency: frequency, source: .caller) }

    init?(frequency: UInt64, source: Source) {
      guard let conversion = TickConversion(frequency: frequency) else { return nil }
      self.frequency = frequency
      self.source = source
      self.conversion = conversion
    }

    /// The clock of this machine, or nil when its frequency cannot be found out. May take 20 ms (x86_64).
    ///
    /// - Parameter knownFrequency: the device tree's `/cpus/timebase-frequency`, which riscv64 cannot do without.
    public static func discover(knownFrequency: UInt64? = nil) -> CounterClock? {
      if let knownFrequency, let clock = CounterClock(frequency: knownFrequency) { return clock }
      #if arch(arm64)
        return CounterClock(frequency: UInt64(vireo_counter_frequency()), source: .processor)
      #elseif arch(x86_64)
        if let frequency = IntervalTimer().measureCounter() {
          return CounterClock(frequency: frequency, source: .intervalTimer)
        }
        return ProcessorIdentification.counterFrequency.flatMap {
          CounterClock(frequency: $0, source: .processorIdentification)
        }
      #else
        return nil
      #endif
    }

    /// The time since the machine started.
    public var now: MonotonicTime { MonotonicTime(nanoseconds: conversion.nanoseconds(UInt64(vireo_counter()))) }

    /// What the counter shows when `now` reaches `time`, rounded up.
    func ticks(at time: MonotonicTime) -> UInt64 { conversion.ticks(time.nanoseconds) }
  }
#endif
