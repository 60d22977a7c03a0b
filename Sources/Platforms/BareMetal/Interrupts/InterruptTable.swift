internal import Synchronization

/// Who handles which line, and how often each fired. Dispatch takes constant time and allocates nothing.
///
/// One processor: `dispatch` and the `note` functions are called in interrupt context, or with interrupts masked, and do
/// not interrupt each other; hence the counters are loaded and stored, not exchanged. All else is for the task side.
@safe
final class InterruptTable: @unchecked Sendable {
  /// What becomes of a line that fired.
  enum Verdict {
    /// Nothing.
    case goesOn
    /// The controller has to mask it.
    case mask
  }

  /// What is known of one line. Handlers are changed with interrupts masked.
  private struct Slot: ~Copyable {
    var handler: (any InterruptHandler)?
    let count = Atomic<UInt>(0)
    /// How often it fired since `progress` was what it is in `seenProgress`.
    let burst = Atomic<UInt32>(0)
    let seenProgress = Atomic<UInt32>(0)
    /// A `Trouble`.
    let trouble = Atomic<UInt8>(0)
  }

  /// What is wrong with a line: each is reported once, and then not again until the line starts anew. Not every
  /// controller can keep a line out, and who can interrupt for ever must not fill the log.
  private enum Trouble {
    static var none: UInt8 { 0 }
    static var storm: UInt8 { 1 }
    static var nobody: UInt8 { 2 }
    static var reported: UInt8 { 3 }
  }

  /// How many lines there are.
  let lineCount: Int
  /// How often a line may fire while the task side gets nothing done.
  let stormLimit: UInt32
  // Owned by this object from `init` to `deinit`, all elements initialised; indexed only below `lineCount`.
  private let slots: UnsafeMutablePointer<Slot>
  private let progress = Atomic<UInt32>(0)
  private let problemsNoted = Atomic<UInt32>(0)
  private let problemsTaken = Atomic<UInt32>(0)
  private let eventCount = Atomic<UInt>(0)
  private let spuriousCount = Atomic<UInt>(0)
  /// The first number that was nobody's, plus one; `reportedUnknown` once that was reported.
  private let unknown = Atomic<UInt64>(0)
  private static var reportedUnknown: UInt64 { .max }

  /// A table without handlers.
  init(lineCount: Int, stormLimit: UInt32) {
    self.lineCount = lineCount
    self.stormLimit = stormLimit
    unsafe slots = .allocate(capacity: lineCount)
    for index in 0..<lineCount { unsafe (slots + index).initialize(to: Slot()) }
  }

  deinit {
    unsafe slots.deinitialize(count: lineCount)
    unsafe slots.deallocate()
  }

  // MARK: In interrupt context

  /// A line fired.
  func dispatch(_ line: InterruptLine) -> Verdict {
    let index = Int(line.number)
    // A controller that names a line that it does not have: there is nothing to mask.
    guard index < lineCount else {
      noteUnknown(line.number)
      return .goesOn
    }
    let slot = unsafe slots + index
    increment(unsafe slot.pointee.count)
    let now = progress.load(ordering: .relaxed)
    if unsafe slot.pointee.seenProgress.load(ordering: .relaxed) != now {
      unsafe slot.pointee.seenProgress.store(now, ordering: .relaxed)
      unsafe slot.pointee.burst.store(0, ordering: .relaxed)
    }
    let burst = unsafe slot.pointee.burst.load(ordering: .relaxed) &+ 1
    unsafe slot.pointee.burst.store(burst, ordering: .relaxed)
    guard let handler = unsafe slot.pointee.handler else {
      note(Trouble.nobody, at: index)
      return .mask
    }
    handler.handleInterrupt()
    if burst <= stormLimit { return .goesOn }
    note(Trouble.storm, at: index)
    return .mask
  }

  /// Something was handled: whoever sampled `events` before, looks again. Released, so that who sees the new number
  /// sees what the handler wrote.
  func noteEvent() {
    eventCount.store(eventCount.load(ordering: .relaxed) &+ 1, ordering: .releasing)
  }

  /// The controller interrupted the processor and then knew of nothing.
  func noteSpurious() { increment(spuriousCount) }

  /// The processor was interrupted by a number that is nobody's.
  func noteUnknown(_ number: UInt32) {
    increment(spuriousCount)
    if unknown.load(ordering: .relaxed) == 0 {
      unknown.store(UInt64(number) + 1, ordering: .relaxed)
      noteProblem()
    }
  }

  private func increment(_ counter: borrowing Atomic<UInt>) {
    counter.store(counter.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  private func note(_ trouble: UInt8, at index: Int) {
    guard unsafe slots[index].trouble.load(ordering: .relaxed) == Trouble.none else { return }
    unsafe slots[index].trouble.store(trouble, ordering: .relaxed)
    noteProblem()
  }

  private func noteProblem() {
    problemsNoted.store(problemsNoted.load(ordering: .relaxed) &+ 1, ordering: .releasing)
  }

  // MARK: On the task side

  /// How many interrupts were handled. Wraps.
  var events: UInt { eventCount.load(ordering: .acquiring) }

  /// How many interrupts were none, or nobody's.
  var spurious: UInt { spuriousCount.load(ordering: .relaxed) }

  /// Everything that fired up to now was worth it: no line is near a storm.
  func noteProgress() { progress.store(progress.load(ordering: .relaxed) &+ 1, ordering: .relaxed) }

  /// How often a line fired; 0 for one that does not exist.
  func count(of line: InterruptLine) -> UInt {
    Int(line.number) < lineCount ? unsafe slots[Int(line.number)].count.load(ordering: .relaxed) : 0
  }

  /// Sets a line's handler, with interrupts masked. False if there is no such line, or if it has another handler.
  func setHandler(_ handler: (any InterruptHandler)?, of line: InterruptLine) -> Bool {
    let index = Int(line.number)
    guard index < lineCount else { return false }
    if handler != nil, unsafe slots[index].handler != nil { return false }
    unsafe slots[index].handler = handler
    forget(line)
    return true
  }

  /// Gives a line another handler, with interrupts masked; counts go on. False if there is no such line.
  func replaceHandler(_ handler: (any InterruptHandler)?, of line: InterruptLine) -> Bool {
    let index = Int(line.number)
    guard index < lineCount else { return false }
    unsafe slots[index].handler = handler
    return true
  }

  /// A line starts anew: it is near no storm, a problem that it had is no more to be reported, and the next one is.
  func forget(_ line: InterruptLine) {
    let index = Int(line.number)
    guard index < lineCount else { return }
    unsafe slots[index].burst.store(0, ordering: .relaxed)
    unsafe slots[index].trouble.store(Trouble.none, ordering: .relaxed)
  }

  /// A problem that nobody took yet, and that nobody took since the line started anew; nil, in constant time, when there
  /// is none. With interrupts masked.
  func takeProblem() -> InterruptProblem? {
    let noted = problemsNoted.load(ordering: .acquiring)
    if noted == problemsTaken.load(ordering: .relaxed) { return nil }
    for index in 0..<lineCount {
      let line = InterruptLine(UInt32(index))
      let trouble = unsafe slots[index].trouble.load(ordering: .relaxed)
      if trouble == Trouble.none || trouble == Trouble.reported { continue }
      unsafe slots[index].trouble.store(Trouble.reported, ordering: .relaxed)
      if trouble == Trouble.nobody { return .nobody(line) }
      return .storm(line, count: unsafe slots[index].burst.load(ordering: .relaxed))
    }
    let number = unknown.load(ordering: .relaxed)
    if number != 0, number != Self.reportedUnknown {
      unknown.store(Self.reportedUnknown, ordering: .relaxed)
      return .unknown(number: UInt32(truncatingIfNeeded: number - 1))
    }
    problemsTaken.store(noted, ordering: .relaxed)
    return nil
  }
}
