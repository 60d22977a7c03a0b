#if os(none)
  import KeyMaps
#endif

/// How the kernel waits for devices.
enum WaitPolicy {
  /// It looks again and again.
  case poll
  /// The processor sleeps.
  case halt
  /// It looks again and again for a short while, then the processor sleeps.
  case adaptive
}

/// How long the kernel looks at itself before it looks at devices.
enum SelfCheckLength {
  /// A moment: a boot is not held up by it.
  case short
  /// Long enough to find what goes wrong once in thousands of times; seconds in an emulator.
  case whole
}

/// What the kernel was asked for: the words `vireo.NAME=VALUE` of its command line. Other words are for others.
struct KernelOptions {
  /// What comes after the tour.
  enum ShellMode {
    /// Power off.
    case none
    /// A shell that does not echo: the other end of the serial line shows what is typed.
    case script
    /// A shell that echoes what is typed.
    case interactive
  }

  /// What comes after the tour.
  private(set) var shell = ShellMode.none
  /// How long the kernel looks at itself.
  private(set) var selfCheck = SelfCheckLength.short
  /// The devices are looked at one by one.
  private(set) var tours = true
  /// Measurements instead of the tour.
  private(set) var isBench = false
  /// So many requests while interrupts fire, instead of the tour.
  private(set) var stressRequests: Int?
  #if os(none)
    /// Reads of the first disk instead of the tour.
    private(set) var reads: ReadMeasurements.Work?
  #endif
  /// Frames for whoever is at the other end of the first network card's wire, instead of the tour.
  private(set) var servesFrames = false
  /// Devices interrupt when they must not, instead of the tour.
  private(set) var isDisorder = false
  /// The tour asks the network of the first card for an address.
  private(set) var usesNetwork = false
  /// Memory balloons are driven, by a driver that is no part of the package.
  private(set) var usesOutsideDriver = false
  /// Devices from before version 1 are not driven.
  private(set) var refusesLegacy = false
  /// How to wait for devices that interrupt; others are polled.
  private(set) var wait = WaitPolicy.halt
  #if os(none)
    /// Where the log and the shell are.
    private(set) var console = ConsoleChoice.serial
  #endif
  #if os(none)
    /// What the keys of keyboards type.
    private(set) var keys = KeyMap.us
  #endif
  /// At the end, and after an exception, the screens stay as they are until the host has looked.
  private(set) var holds = false
  /// Test cards are shown. Without, they are drawn in memory only: for whoever wants to see that a test notices.
  private(set) var presents = true
  /// Drivers leave EVENT_IDX out.
  var avoidsEventIndex = false
  /// What was not understood: each in one line.
  private(set) var problems: [String] = []

  /// Whether somebody may look at the devices, or type: not when they are measured, or tried in one respect.
  var isAttended: Bool {
    #if os(none)
      if reads != nil { return false }
    #endif
    return !isBench && stressRequests == nil && !isDisorder && !servesFrames
  }

  /// Reads a command line.
  init(_ commandLine: String) {
    for word in commandLine.utf8.split(separator: UInt8(ascii: " ")) { read(String(Substring(word))) }
  }

  private mutating func read(_ word: String) {
    let prefix = "vireo."
    guard word.hasPrefix(prefix) else { return }
    #if os(none)
      if let work = ReadMeasurements.Work(word: word) { return reads = work }
      if let choice = ConsoleChoice(word: word) { return console = choice }
      if word == "vireo.keys=us" { return keys = .us }
      if word == "vireo.keys=de" { return keys = .german }
    #endif
    switch word {
    case "vireo.shell=none": shell = .none
    case "vireo.shell=script": shell = .script
    case "vireo.shell=interactive": shell = .interactive
    case "vireo.check=short": selfCheck = .short
    case "vireo.check=whole": selfCheck = .whole
    case "vireo.tour=0": tours = false
    case "vireo.tour=1": tours = true
    case "vireo.net=0": usesNetwork = false
    case "vireo.net=1": usesNetwork = true
    case "vireo.bench=0": isBench = false
    case "vireo.bench=1": isBench = true
    case "vireo.frames=0": servesFrames = false
    case "vireo.frames=1": servesFrames = true
    case "vireo.outside=0": usesOutsideDriver = false
    case "vireo.outside=1": usesOutsideDriver = true
    case "vireo.disorder=0": isDisorder = false
    case "vireo.disorder=1": isDisorder = true
    case "vireo.legacy=allow": refusesLegacy = false
    case "vireo.legacy=refuse": refusesLegacy = true
    case "vireo.wait=halt": wait = .halt
    case "vireo.wait=adaptive": wait = .adaptive
    case "vireo.wait=poll": wait = .poll
    case "vireo.present=0": presents = false
    case "vireo.present=1": presents = true
    case "vireo.hold=0": holds = false
    case "vireo.hold=1": holds = true
    case "vireo.event-index=0": avoidsEventIndex = true
    case "vireo.event-index=1": avoidsEventIndex = false
    case _ where word.hasPrefix("vireo.stress="):
      guard let count = Int(word.dropFirst(13)), count > 0 else { return refuse(word) }
      stressRequests = count
    default: refuse(word)
    }
  }

  private mutating func refuse(_ word: String) {
    problems.append(
      "command line: '\(word)', expected vireo.shell=none|script|interactive, vireo.check=short|whole, "
        + "vireo.tour=0|1, vireo.net=0|1, "
        + "vireo.outside=0|1, vireo.bench=0|1, vireo.stress=COUNT, vireo.disorder=0|1, vireo.reads=COUNT, "
        + "vireo.rates=MILLISECONDS, vireo.frames=0|1, vireo.legacy=allow|refuse, "
        + "vireo.wait=halt|adaptive|poll, vireo.keys=us|de, vireo.event-index=0|1, vireo.hold=0|1, vireo.present=0|1 or "
        + "vireo.console=serial|virtio|both"
    )
  }
}
