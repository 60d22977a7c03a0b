/// What drivers rely on, rule by rule, in the order in which `checkPlatform` looks at them. The raw value is the number
/// of the check.
public enum PlatformRule: Int, CaseIterable, Sendable {
  /// `reserve` answers with multiples of the alignment.
  case alignment = 1
  /// `share` answers with multiples of the alignment that the range was reserved with.
  case deviceAlignment
  /// Ranges that are reserved at the same time have no byte in common.
  case distinctRanges
  /// Ranges that are shared at the same time have no byte in common for the device.
  case distinctDeviceRanges
  /// A buffer holds zeros, whatever the memory was used for before.
  case zeroed
  /// A large range is to be had in one piece, and holds what is written to it.
  case largeRange
  /// What `unshare` ends can be shared again, without end.
  case sharingSymmetrical
  /// What there is not is nil.
  case outOfMemory
  /// What was released can be reserved again, without end.
  case releaseGivesBack
  /// The clock moves.
  case clockMoves
  /// The clock never goes back.
  case clockMonotonic
  /// The clock counts nanoseconds.
  case clockUnit
  /// The waiter has the clock's time.
  case sameTime
  /// The waiter returns when a deadline is over already.
  case pastDeadline
  /// The waiter returns by its deadline and not much later.
  case deadlineKept
  /// An interrupt between the caller's look and the wait ends the wait.
  case interruptWakes

  /// The rule in one line.
  public var words: String {
    switch self {
    case .alignment: "reserved addresses are multiples of the alignment"
    case .deviceAlignment: "device addresses are multiples of the alignment"
    case .distinctRanges: "ranges in use do not overlap"
    case .distinctDeviceRanges: "ranges in use do not overlap for the device"
    case .zeroed: "new buffers hold zeros"
    case .largeRange: "a large range is to be had in one piece"
    case .sharingSymmetrical: "what is not shared any more can be shared again"
    case .outOfMemory: "what there is not is nil"
    case .releaseGivesBack: "released ranges can be reserved again"
    case .clockMoves: "the clock moves"
    case .clockMonotonic: "the clock never goes back"
    case .clockUnit: "the clock counts nanoseconds"
    case .sameTime: "the waiter has the clock's time"
    case .pastDeadline: "the waiter returns when the deadline is over"
    case .deadlineKept: "the waiter returns by its deadline"
    case .interruptWakes: "an interrupt before the wait ends the wait"
    }
  }
}
