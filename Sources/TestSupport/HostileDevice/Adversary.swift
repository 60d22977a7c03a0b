public import VirtIOTestSupport

/// What acts behind a hostile device: drawn from bytes, it may make a move at every access of the driver and lie at every
/// read; and it notes what the driver must not do, whatever the device does.
///
/// Unchecked: used by the one thread that runs driver and device.
public final class Adversary: @unchecked Sendable {
  /// What it decides by.
  public let decisions: Decisions
  /// What the driver did that it must not do.
  public private(set) var findings: [String] = []
  /// Accesses of the driver so far.
  public private(set) var steps = 0
  /// More accesses than this are a hang.
  public let stepLimit: Int
  /// Whether the device makes use of memory. Before, what the driver writes there is no occasion for a move: it fills
  /// whole rings, and would use up all decisions.
  var usesMemory: () -> Bool = { true }
  /// What it does when it makes a move; the byte chooses.
  var move: (UInt8) -> Void = { _ in }
  /// A driver that reads one register more often than this in a row is given up on.
  private let patience: Int
  private var isActing = false
  private var repeats = 0
  private var lastOffset = -1

  /// An adversary without moves.
  public init(_ decisions: Decisions, stepLimit: Int, patience: Int = 2_000) {
    self.decisions = decisions
    self.stepLimit = stepLimit
    self.patience = patience
  }

  /// The driver has made more accesses than there can be.
  public var isHung: Bool { steps >= stepLimit }

  /// Notes something that must not be.
  public func report(_ finding: String) { findings.append(finding) }

  /// Notes all of these.
  public func report(_ findings: [String]) { for finding in findings { report(finding) } }

  /// Watches every shared access of drivers that use `observer`, and acts before it. An access to memory that is not
  /// shared with the device at this moment is outside of every buffer.
  public func attach(to observer: AccessObserver, _ heap: DeviceHeap) {
    observer.hook = { [unowned self] access, moment in
      guard moment == .before else { return }
      switch access {
      case .fence: act()
      case .load(let address, let count), .loadAcquiring(let address, let count):
        check(address, count, heap)
        act()
      case .store(let address, let count, _), .storeReleasing(let address, let count, _):
        check(address, count, heap)
        if usesMemory() { act() } else { _ = countStep() }
      }
    }
  }

  private func check(_ address: UInt, _ byteCount: Int, _ heap: DeviceHeap) {
    if !heap.isShared(address: address, byteCount: byteCount) {
      report("an access of \(byteCount) bytes outside of all shared memory")
    }
  }

  /// One access more; false when there are too many.
  private func countStep() -> Bool {
    steps += 1
    if steps == stepLimit { report("more than \(stepLimit) accesses: a hang") }
    if isHung { decisions.stop() }
    return !isHung
  }

  /// One move, or none.
  public func act() {
    if isActing { return }
    guard countStep(), let choice = decisions.next() else { return }
    isActing = true
    move(choice)
    isActing = false
  }

  /// A register is read: what the device says, as far as it does not lie. All ones, as of a device that is not there, to
  /// a driver that looks at one register again and again.
  func load(_ offset: Int, _ honest: () -> UInt32) -> UInt32 {
    act()
    repeats = offset == lastOffset ? repeats + 1 : 0
    lastOffset = offset
    if isHung || repeats > patience { return .max }
    guard let choice = decisions.next(), choice < 12 else { return honest() }
    switch choice {
    case 0..<4: return UInt32(decisions.byte())
    case 4..<8: return decisions.word()
    case 8: return .max
    case 9: return 0
    default: return honest() ^ (1 << UInt32(decisions.byte() & 31))
    }
  }
}
