import Synchronization
import Testing

@testable import BareMetal

private final class Counter: InterruptHandler {
  private let seen = Atomic<Int>(0)
  var count: Int { seen.load(ordering: .relaxed) }
  func handleInterrupt() { seen.wrappingAdd(1, ordering: .relaxed) }
}

struct InterruptTableTests {
  private let table = InterruptTable(lineCount: 64, stormLimit: 10)
  private let line = InterruptLine(33)

  @Test func dispatch_callsTheLinesHandlerOnly() {
    let (handler, other) = (Counter(), Counter())
    #expect(table.setHandler(handler, of: line) && table.setHandler(other, of: InterruptLine(34)))
    for _ in 0..<3 { #expect(table.dispatch(line) == .goesOn) }
    #expect(handler.count == 3 && other.count == 0)
    #expect(table.count(of: line) == 3 && table.count(of: InterruptLine(34)) == 0)
    #expect(table.takeProblem() == nil && table.spurious == 0)
  }

  @Test func setHandler_secondOne_isRefused() {
    let handler = Counter()
    #expect(table.setHandler(handler, of: line))
    #expect(!table.setHandler(Counter(), of: line))
    #expect(table.setHandler(nil, of: line))
    #expect(table.setHandler(Counter(), of: line))
    #expect(table.dispatch(line) == .goesOn && handler.count == 0)
  }

  @Test func replaceHandler_otherOneIsCalled_countsGoOn() {
    let (handler, other) = (Counter(), Counter())
    #expect(table.setHandler(handler, of: line))
    #expect(table.dispatch(line) == .goesOn)
    #expect(table.replaceHandler(other, of: line))
    #expect(table.dispatch(line) == .goesOn)
    #expect(handler.count == 1 && other.count == 1 && table.count(of: line) == 2)
    #expect(!table.replaceHandler(other, of: InterruptLine(64)))
  }

  @Test func replaceHandler_none_lineIsMaskedAndReported() {
    #expect(table.setHandler(Counter(), of: line))
    #expect(table.replaceHandler(nil, of: line))
    #expect(table.dispatch(line) == .mask)
    let problem = table.takeProblem()
    #expect(problem == .nobody(line) && problem?.line == line && table.takeProblem() == nil)
  }

  @Test(arguments: [64, 1_023, .max] as [UInt32])
  func lineThatDoesNotExist_isCountedAndReportedOnce(number: UInt32) {
    #expect(!table.setHandler(Counter(), of: InterruptLine(number)))
    for _ in 0..<2 { #expect(table.dispatch(InterruptLine(number)) == .goesOn) }
    let problem = table.takeProblem()
    #expect(problem == .unknown(number: number) && problem?.line == nil && table.takeProblem() == nil)
    table.noteUnknown(5)
    #expect(table.takeProblem() == nil, "such are reported once, whichever they are")
    #expect(table.spurious == 3 && table.count(of: InterruptLine(number)) == 0)
  }

  @Test func lineWithoutHandler_isMaskedAndReportedOnce() {
    #expect(table.dispatch(line) == .mask)
    #expect(table.takeProblem() == .nobody(line))
    #expect(table.takeProblem() == nil)
    #expect(table.count(of: line) == 1)
  }

  @Test func storm_overTheLimit_isMaskedAndReportedOnce() {
    let handler = Counter()
    _ = table.setHandler(handler, of: line)
    for _ in 0..<10 { #expect(table.dispatch(line) == .goesOn) }
    #expect(table.takeProblem() == nil)
    #expect(table.dispatch(line) == .mask)
    #expect(handler.count == 11, "what came is handled all the same")
    #expect(table.takeProblem() == .storm(line, count: 11))
    #expect(table.takeProblem() == nil)
  }

  @Test func progress_keepsABusyLineFromBeingAStorm() {
    _ = table.setHandler(Counter(), of: line)
    for _ in 0..<100 {
      for _ in 0..<10 { #expect(table.dispatch(line) == .goesOn) }
      table.noteProgress()
    }
    #expect(table.takeProblem() == nil && table.count(of: line) == 1_000)
  }

  @Test func forget_afterAStorm_startsAnew() {
    _ = table.setHandler(Counter(), of: line)
    for _ in 0..<11 { _ = table.dispatch(line) }
    table.forget(line)
    #expect(table.takeProblem() == nil, "not reported any more")
    for _ in 0..<10 { #expect(table.dispatch(line) == .goesOn) }
    #expect(table.dispatch(line) == .mask)
  }

  @Test func problemsOfTwoLines_areBothReported() {
    _ = table.dispatch(InterruptLine(40))
    _ = table.dispatch(InterruptLine(7))
    #expect(table.takeProblem() == .nobody(InterruptLine(7)))
    #expect(table.takeProblem() == .nobody(InterruptLine(40)))
    #expect(table.takeProblem() == nil)
  }

  @Test func lineThatCannotBeMasked_isReportedOnceUntilItStartsAnew() {
    for _ in 0..<100 {
      #expect(table.dispatch(line) == .mask)
      _ = table.takeProblem()
    }
    #expect(table.count(of: line) == 100 && table.takeProblem() == nil)
    _ = table.setHandler(Counter(), of: line)
    for _ in 0..<11 { _ = table.dispatch(line) }
    #expect(table.takeProblem() == .storm(line, count: 11))
    for _ in 0..<100 { #expect(table.dispatch(line) == .mask) }
    #expect(table.takeProblem() == nil)
  }

  @Test func events_countWhatWasHandled() {
    let before = table.events
    table.noteEvent()
    #expect(table.events == before + 1)
    table.noteSpurious()
    #expect(table.events == before + 1)
  }

  @Test func handler_isKeptUntilItIsTakenAway() {
    weak var handler: Counter?
    do {
      let counter = Counter()
      handler = counter
      _ = table.setHandler(counter, of: line)
    }
    #expect(handler != nil)
    _ = table.setHandler(nil, of: line)
    #expect(handler == nil)
  }
}

struct MessagePoolTests {
  @Test func allocate_eachNumberOnce_lowestFirst() {
    var pool = MessagePool(first: 80, count: 2)
    #expect(pool.allocate() == 80 && pool.allocate() == 81)
    #expect(pool.allocate() == nil)
    #expect(pool.free(80) && !pool.free(80), "given back once")
    #expect(!pool.free(79) && !pool.free(82) && !pool.free(.max))
    #expect(pool.allocate() == 80)
  }

  @Test func emptyPool_hasNone() {
    var pool = MessagePool(first: 0, count: 0)
    #expect(pool.allocate() == nil && !pool.free(0))
  }
}
