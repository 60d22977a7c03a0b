import Testing

@testable import BareMetal

struct TickConversionTests {
  @Test(arguments: [1_000, 10_000_000, 62_500_000, 1_000_000_000, 2_596_127_411, 5_000_000_000] as [UInt64])
  func oneDay_isExactToAMillisecond(frequency: UInt64) throws {
    let conversion = try #require(TickConversion(frequency: frequency))
    let day = conversion.nanoseconds(frequency * 86_400)
    #expect(day <= 86_400_000_000_000)
    #expect(day > 86_400_000_000_000 - 1_000_000)
  }

  @Test func ticksBeyond32Bits_keepIncreasing() throws {
    let conversion = try #require(TickConversion(frequency: 2_500_000_000))
    var last: UInt64 = 0
    for ticks in stride(from: UInt64(1) << 31, to: 1 << 60, by: 1 << 54) {
      let now = conversion.nanoseconds(ticks)
      #expect(now > last)
      last = now
    }
    // 2^40 ticks are 439 804 651 110.4 ns; the scale's rounding may lose 0.6 ns of every second.
    #expect((439_804_650_846...439_804_651_110).contains(conversion.nanoseconds(1 << 40)))
  }

  @Test func frequency_thatNoCounterHas_isRefused() {
    #expect(TickConversion(frequency: 0) == nil)
    #expect(TickConversion(frequency: 999) == nil)
    #expect(TickConversion(frequency: .max) == nil)
  }
}

struct TicksTests {
  @Test(arguments: [1_000, 10_000_000, 62_500_000, 2_992_000_123, 1_000_000_000_000] as [UInt64])
  func ticks_areJustBehindTheTime(frequency: UInt64) throws {
    let conversion = try #require(TickConversion(frequency: frequency))
    for nanoseconds: UInt64 in [0, 1, 999, 1_000, 16_000_001, 999_999_999, 1_000_000_000, 86_400_000_000_001] {
      let ticks = conversion.ticks(nanoseconds)
      // What `nanoseconds` of the conversion is rounded by: less than a nanosecond per second and 4 GHz.
      let slack = (nanoseconds / 1_000_000_000 + 1) * (frequency / 4_000_000_000 + 1)
      #expect(conversion.nanoseconds(ticks) + slack >= nanoseconds)
      let exact = UInt64((nanoseconds).multipliedFullWidth(by: frequency).low / 1_000_000_000)
      if nanoseconds.multipliedFullWidth(by: frequency).high == 0 { #expect(ticks >= exact && ticks <= exact + 3) }
    }
  }

  @Test func ticks_farthestTime_neverComes() throws {
    let conversion = try #require(TickConversion(frequency: 10_000_000_000))
    #expect(conversion.ticks(.max) == .max)
  }
}
