import DevicePlatform
import PlatformCheck
import Synchronization
import Testing
import VirtIOTestSupport

/// The checker finds nothing wrong with what is right, and each rule's breach by the check of that rule alone.
@Suite struct PlatformCheckTests {
  /// Few enough bytes for the arena, and room for other tests on the same processors.
  static var limits: PlatformCheckLimits {
    var limits = PlatformCheckLimits()
    limits.byteCount = 16 << 20
    limits.lateness = .seconds(1)
    return limits
  }

  private func findings(
    flaw: PlatformRule?, isSpurious: Bool = false, hasInterrupts: Bool = true
  ) -> (findings: [PlatformFinding], broken: Int, pages: FlawedPages) {
    let pages = FlawedPages(flaw: flaw)
    let clock = FlawedClock(flaw: flaw)
    let flag = FlawedWaiter.Flag()
    var waiter = FlawedWaiter(clock: clock, isInterrupted: flag, isSpurious: isSpurious)
    var findings: [PlatformFinding] = []
    let interrupt = { flag.value.store(true, ordering: .relaxed) }
    let broken = checkPlatform(
      provider: pages, memory: FlawedBuffers(pages), clock: clock, waiter: &waiter, limits: Self.limits,
      interrupt: hasInterrupts ? interrupt : nil
    ) { findings.append($0) }
    return (findings, broken, pages)
  }

  @Test func goodPlatform_allRulesHold_inOrder_andAllMemoryComesBack() {
    let (findings, broken, pages) = findings(flaw: nil)
    #expect(findings.map(\.rule) == PlatformRule.allCases)
    #expect(findings.allSatisfy { $0.outcome == .holds }, "\(findings.map(\.words))")
    #expect(broken == 0)
    #expect(pages.pagesInUse == 0)
  }

  @Test func waiterThatReturnsAtOnce_isRight() {
    let (findings, broken, _) = findings(flaw: nil, isSpurious: true)
    #expect(broken == 0, "\(findings.map(\.words))")
  }

  @Test func noInterrupts_isSkippedAndSaid() {
    let (findings, broken, _) = findings(flaw: nil, hasInterrupts: false)
    #expect(broken == 0)
    #expect(findings.last?.outcome == .skipped("no interrupts here"))
  }

  @Test(arguments: PlatformRule.allCases)
  func brokenRule_isReportedByItsCheckAlone(_ rule: PlatformRule) {
    let (findings, broken, _) = findings(flaw: rule)
    #expect(findings.filter(\.isBroken).map(\.rule) == [rule], "\(findings.map(\.words))")
    #expect(broken == 1)
    #expect(findings.count == PlatformRule.allCases.count)
  }

  @Test func words_beginWithTheNumber_andDiffer() {
    let words = PlatformRule.allCases.map { PlatformFinding(rule: $0, outcome: .broken("seen")).words }
    #expect(words.first?.hasPrefix("1: reserved addresses") == true)
    #expect(words.allSatisfy { $0.hasSuffix(": broken: seen") })
    #expect(Set(words).count == words.count)
  }

  @Test func heapOfTheTests_keepsAllRules() {
    let heap = DeviceHeap()
    heap.capacity = 16 << 20
    let clock = FlawedClock(flaw: nil)
    var waiter = PollingWaiter(clock: clock)
    var broken: [String] = []
    checkPlatform(provider: HeapProvider(heap: heap), clock: clock, waiter: &waiter, limits: Self.limits) {
      if $0.isBroken { broken.append($0.words) }
    }
    #expect(broken == [])
    #expect(heap.violations == [])
    #expect(heap.reservationCount == 0)
    #expect(heap.sharedCount == 0)
  }
}
