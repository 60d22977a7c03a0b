#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import InputEvents
  import KeyMaps

  /// The machine's input devices. What keyboards type goes to the terminal, what pointers tell to nobody; while somebody
  /// watches, it all goes there.
  final class KernelInputs {
    /// A device, and who types on it.
    private struct Source {
      let name: String
      let device: any InputDevice
      /// nil for what is no keyboard.
      var keyboard: Keyboard?
      var lights: KeyModifiers = []
      var wakeUps: UInt = 0
    }

    /// Something that a device told.
    struct Sight {
      let name: String
      let words: String
    }

    /// The most bytes that wait for the terminal. Nothing is taken from keyboards while there are as many.
    private static let limit = 4096

    private let clock: CounterClock
    private var sources: [Source] = []
    // Bytes that were typed, and how many of them were read.
    private var typed: [UInt8] = []
    private var readCount = 0
    private var frame = InputFrame()
    // Taking something may write to the terminal, which takes again.
    private var isTaking = false
    private var wasWoken = false
    /// Everything goes to `nextSight`.
    private(set) var isWatched = false

    /// The input devices that are driven now.
    init(_ manager: DeviceManager, _ map: KeyMap, clock: CounterClock) {
      self.clock = clock
      for entry in manager.entries {
        guard case .input(let device)? = entry.role else { continue }
        let isKeyboard = device.description.kind == .keyboard
        sources.append(Source(name: entry.name, device: device, keyboard: isKeyboard ? Keyboard(map) : nil))
      }
    }

    /// All of them.
    var names: [String] { sources.map { $0.name } }

    /// How often a device's interrupt ended a sleep of the shell; nil for a name that is not there.
    func wakeUps(of name: String) -> UInt? { sources.first { $0.name == name }?.wakeUps }

    /// The next byte that was typed; nil when there is none. Does not wait.
    func readByte() -> UInt8? {
      take()
      guard readCount < typed.count else { return nil }
      readCount += 1
      let byte = typed[readCount - 1]
      if readCount == typed.count {
        typed.removeAll(keepingCapacity: true)
        readCount = 0
      }
      return byte
    }

    /// Takes what devices have to tell, before they run out of room for it.
    func take() {
      if isTaking || isWatched { return }
      isTaking = true
      for index in sources.indices {
        // Bounded: a device that goes on telling does not keep everybody from the terminal.
        for _ in 0..<InputFrame.limit where typed.count - readCount < Self.limit {
          guard sources[index].device.nextFrame(&frame) else { break }
          noteWakeUp(index)
          if frame.isOverrun, sources[index].keyboard != nil { say("# \(sources[index].name): keys were lost") }
          follow(index)
        }
        // After all that has come: a key that was let go of in time does not repeat.
        if let press = sources[index].keyboard?.repetition(now: clock.now) { type(press) }
      }
      isTaking = false
      wasWoken = false
    }

    /// Follows the keys of the frame, and types what they do.
    private func follow(_ index: Int) {
      if frame.isOverrun { sources[index].keyboard?.forget() }
      for event in frame {
        if let press = sources[index].keyboard?.take(event, now: clock.now), !isWatched { type(press) }
      }
      showLocks(index)
    }

    private func type(_ press: KeyPress) {
      guard let character = press.character else { return }
      // The return key is what a terminal sends.
      if character == "\n" { return typed.append(13) }
      typed += String(character).utf8
    }

    /// A keyboard's lights follow its locks. One that has no such light, or does not answer, does without.
    private func showLocks(_ index: Int) {
      guard let keyboard = sources[index].keyboard else { return }
      let locks = keyboard.modifiers.intersection([.capsLock, .numberLock, .scrollLock])
      if locks == sources[index].lights { return }
      for (light, lock) in [
        (InputLight.capsLock, KeyModifiers.capsLock), (.numberLock, .numberLock), (.scrollLock, .scrollLock),
      ] where locks.contains(lock) != sources[index].lights.contains(lock) {
        _ = try? sources[index].device.set(light, isOn: locks.contains(lock))
      }
      sources[index].lights = locks
    }

    // MARK: Sleep

    /// Has every device that somebody listens to interrupt at the next event.
    ///
    /// - Returns: false when something has happened already: no sleep.
    func arm() -> Bool {
      var maySleep = true
      for source in sources where isWatched || source.keyboard != nil {
        if source.device.arm() == .already { maySleep = false }
      }
      return maySleep
    }

    /// When the next repetition of a key is due, if one is held.
    var nextRepetition: MonotonicTime? {
      if isWatched { return nil }
      var next: MonotonicTime?
      for source in sources {
        guard let due = source.keyboard?.nextRepetition else { continue }
        next = min(next ?? due, due)
      }
      return next
    }

    /// A device's interrupt has just ended a sleep: what is found next says whose.
    func wake() { wasWoken = true }

    private func noteWakeUp(_ index: Int) {
      if wasWoken { sources[index].wakeUps += 1 }
      wasWoken = false
    }

    // MARK: Watching

    /// From now on nothing goes to the terminal, or again. What was held is let go of.
    func watch(_ isWatched: Bool) {
      take()
      self.isWatched = isWatched
      for index in sources.indices { sources[index].keyboard?.forget() }
    }

    /// The next thing that a device told to whoever watches.
    func nextSight() -> Sight? {
      for index in sources.indices {
        guard sources[index].device.nextFrame(&frame) else { continue }
        noteWakeUp(index)
        follow(index)
        return Sight(name: sources[index].name, words: words)
      }
      return nil
    }

    private var words: String {
      var words = frame.isOverrun ? "(events were lost) " : ""
      for (number, event) in frame.enumerated() { words += (number > 0 ? ", " : "") + "\(event.name) \(event.value)" }
      return frame.frameCount > 1 ? words + " (\(frame.frameCount) frames)" : words
    }
  }
#endif
