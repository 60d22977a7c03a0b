#if os(none) && arch(x86_64)
  internal import CBareMetal
  internal import DevicePlatform

  /// The PC's programmable interval timer (8254) as a reference: 1 193 182 Hz on every machine that has it.
  ///
  /// Channel 0 is used, because channel 2's gate (port 0x61) does not exist on microvm. Its interrupt line is masked.
  struct IntervalTimer {
    static let frequency: UInt64 = 1_193_182
    private let ports = unsafe PortRegisters(unsafePort: 0x40, byteCount: 4)

    /// One reading of both counters.
    private struct Sample {
      var count: UInt16
      var before: UInt64
      var after: UInt64
      var width: UInt64 { after &- before }
      var middle: UInt64 { before &+ width / 2 }
    }

    /// Latches the count, so that its two bytes belong together.
    private func read() -> Sample {
      let before = UInt64(vireo_counter())
      ports.store8(0x00, at: 3)
      let after = UInt64(vireo_counter())
      let low = ports.load8(at: 0)
      let high = ports.load8(at: 0)
      return Sample(count: UInt16(high) << 8 | UInt16(low), before: before, after: after)
    }

    /// The best of a few readings: one during which nobody took the processor away.
    private func sharpSample() -> Sample {
      var best = read()
      for _ in 0..<7 {
        let next = read()
        if next.width < best.width { best = next }
      }
      return best
    }

    /// Ticks per second of the time stamp counter; nil when the timer does not count.
    func measureCounter() -> UInt64? {
      // Channel 0, both bytes, mode 2 (counts down from 65536, again and again).
      ports.store8(0x34, at: 3)
      ports.store8(0, at: 0)
      ports.store8(0, at: 0)
      let start = sharpSample()
      // 20 ms: long against the microsecond that a reading takes, short against the 55 ms after which it wraps.
      let wanted: UInt16 = 23_864
      // A timer that is not there reads as a constant; a million readings take at least a quarter of a second.
      for _ in 0..<1_000_000 where start.count &- read().count >= wanted {
        let end = sharpSample()
        let elapsed = UInt64(start.count &- end.count)
        guard elapsed >= UInt64(wanted) else { return nil }  // it wrapped: the processor was away for too long
        return (end.middle &- start.middle) &* Self.frequency / elapsed
      }
      return nil
    }
  }
#endif
