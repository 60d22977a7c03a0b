import DevicePlatform
import Testing
import VirtIOTestSupport

/// Arithmetic of time: never past the ends.
struct MonotonicTimeTests {
  @Test func addition_pastTheEnd_staysThere() {
    let late = MonotonicTime(nanoseconds: .max - 5)
    #expect(late + TimeSpan(nanoseconds: 5) == MonotonicTime(nanoseconds: .max))
    #expect(late + TimeSpan(nanoseconds: 6) == MonotonicTime(nanoseconds: .max))
    #expect(late + TimeSpan(nanoseconds: .max) == MonotonicTime(nanoseconds: .max))
    #expect(MonotonicTime(nanoseconds: 1) + .milliseconds(2) == MonotonicTime(nanoseconds: 2_000_001))
  }

  @Test func subtraction_ofALaterMoment_isZero() {
    let (early, late) = (MonotonicTime(nanoseconds: 3), MonotonicTime(nanoseconds: 10))
    #expect(late - early == TimeSpan(nanoseconds: 7))
    #expect(early - late == TimeSpan(nanoseconds: 0))
    #expect(early < late)
  }

  @Test func units_atTheirLargest_doNotOverflow() {
    #expect(TimeSpan.microseconds(3).nanoseconds == 3_000)
    #expect(TimeSpan.milliseconds(3).nanoseconds == 3_000_000)
    #expect(TimeSpan.seconds(3).nanoseconds == 3_000_000_000)
    #expect(TimeSpan.seconds(.max).nanoseconds == 4_294_967_295_000_000_000)
  }

  @Test func pollingWaiter_wait_returnsAtOnceAndTellsTheClocksTime() {
    let clock = ManualClock()
    var waiter = PollingWaiter(clock: clock)
    let before = waiter.now
    waiter.wait(until: before + .seconds(1))
    #expect(waiter.now == before)
    clock.advance(by: .seconds(1))
    #expect(waiter.now == before + .seconds(1))
  }
}
