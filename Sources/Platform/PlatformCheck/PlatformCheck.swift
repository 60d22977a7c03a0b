public import DevicePlatform

/// Holds a platform against the rules that drivers rely on and no compiler checks.
///
/// Runs on the platform itself, bare metal included. Takes memory as far as `limits` allow and gives all of it back; needs
/// a heap for lists and words. To be called when nobody else uses the provider. Memory that overlaps or that is not there
/// may crash the checker: then the check after the one that was reported last is the finding.
///
/// - Parameters:
///   - provider: reserves and shares memory.
///   - clock: tells the time.
///   - waiter: waits, by the same time.
///   - limits: how far to go.
///   - interrupt: has an interrupt delivered to this processor, now or as soon as it is unmasked; nil on a platform that
///     polls.
///   - report: called once for each rule, in order.
/// - Returns: how many rules are broken.
@discardableResult
public func checkPlatform<Provider: DMAProvider, Time: Clock, W: Waiter & ~Copyable>(
  provider: Provider, clock: Time, waiter: inout W, limits: PlatformCheckLimits = PlatformCheckLimits(),
  interrupt: (() -> Void)? = nil, report: (PlatformFinding) -> Void
) -> Int {
  checkPlatform(
    provider: provider, memory: DMAPool(provider: provider), clock: clock, waiter: &waiter, limits: limits,
    interrupt: interrupt, report: report)
}

/// As the form without `memory`, for a platform that does not use `DMAPool`.
///
/// - Parameter memory: makes buffers of the provider's memory.
@discardableResult
public func checkPlatform<Provider: DMAProvider, Memory: DMAMemory, Time: Clock, W: Waiter & ~Copyable>(
  provider: Provider, memory: Memory, clock: Time, waiter: inout W,
  limits: PlatformCheckLimits = PlatformCheckLimits(), interrupt: (() -> Void)? = nil,
  report: (PlatformFinding) -> Void
) -> Int {
  var broken = 0
  let ranges = RangeCheck(provider: provider, limits: limits)
  let buffers = BufferCheck(memory: memory, limits: limits)
  var time = TimeCheck(clock: clock, limits: limits)
  for rule in PlatformRule.allCases {
    let outcome: PlatformFinding.Outcome
    switch rule {
    case .alignment: outcome = ranges.alignment()
    case .deviceAlignment: outcome = ranges.deviceAlignment()
    case .distinctRanges: outcome = ranges.distinctRanges()
    case .distinctDeviceRanges: outcome = ranges.distinctDeviceRanges()
    case .zeroed: outcome = buffers.zeroed()
    case .largeRange: outcome = buffers.largeRange()
    case .sharingSymmetrical: outcome = ranges.sharingSymmetrical()
    case .outOfMemory: outcome = ranges.outOfMemory()
    case .releaseGivesBack: outcome = ranges.releaseGivesBack()
    case .clockMoves: outcome = time.moves()
    case .clockMonotonic: outcome = time.monotonic()
    case .clockUnit: outcome = time.unit()
    case .sameTime: outcome = time.agrees(waiter)
    case .pastDeadline: outcome = time.pastDeadline(&waiter)
    case .deadlineKept: outcome = time.deadlineKept(&waiter)
    case .interruptWakes: outcome = time.interruptWakes(&waiter, interrupt)
    }
    let finding = PlatformFinding(rule: rule, outcome: outcome)
    if finding.isBroken { broken += 1 }
    report(finding)
  }
  return broken
}
