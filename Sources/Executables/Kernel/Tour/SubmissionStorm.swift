#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// Requests of a disk are started while others finish and interrupt, wherever that falls: each must come back, once,
  /// with the token that it was given.
  struct SubmissionStorm {
    private let disk: any Disk
    private let memory: KernelMemory
    private let clock: CounterClock
    private var isInFlight: [Bool]
    private let interruptsBefore: UInt
    /// Requests that were accepted.
    private(set) var started = 0
    /// Requests that came back.
    private(set) var done = 0
    /// Requests that were refused, failed, or came back with a token that was not out.
    private(set) var wrong = 0
    private var wanted = 0

    /// Nothing is started yet.
    init(disk: any Disk, memory: KernelMemory, clock: CounterClock) {
      self.disk = disk
      self.memory = memory
      self.clock = clock
      isInFlight = [Bool](repeating: false, count: disk.queue.size)
      interruptsBefore = disk.mailbox.interrupts
    }

    /// Interrupts of the disk since then.
    var interrupts: UInt { disk.mailbox.interrupts - interruptsBefore }

    /// All requests were made and came back, and there were interrupts meanwhile.
    var isComplete: Bool {
      started == wanted && done == wanted && wrong == 0 && interrupts > 0 && disk.fault == nil
        && !isInFlight.contains(true) && disk.queue.inFlight == 0
    }

    /// The counts, in words.
    var words: String {
      "\(started) started, \(done) done, \(wrong) wrong, expected \(wanted); \(disk.queue.inFlight) in flight, "
        + "\(interrupts) interrupts"
    }

    /// Makes so many requests, in groups of one to eight that are published together, 32 in flight at most.
    ///
    /// - Parameter patience: it ends when nothing has come back for so long.
    mutating func run(requests: Int, patience: TimeSpan = .seconds(10)) {
      wanted = requests
      let limit = min(disk.queue.capacity, 32)
      var pile = DMABufferStack(capacity: limit)
      do throws(DMAError) {
        for _ in 0..<limit { pile.push(try memory.allocate(byteCount: 512)) }
      } catch {
        wrong += 1
        return
      }
      var group = 0
      var deadline = clock.now + patience
      while done < wanted, wrong == 0, clock.now < deadline {
        group = group % 8 + 1
        for _ in 0..<group {
          guard started < wanted, let buffer = pile.pop() else { break }
          start(buffer)
        }
        // Before the bell, so that the device interrupts for the first of them, at once or in the middle of what follows.
        _ = disk.arm()
        disk.publish()
        if !disk.mailbox.isEmpty || disk.queue.inFlight == limit || started == wanted {
          let before = done
          takeAll(&pile)
          if done != before { deadline = clock.now + patience }
        }
      }
      disk.disarm()
    }

    private mutating func start(_ buffer: consuming DMABuffer) {
      switch disk.startRead(sector: disk.place(started), into: buffer) {
      case .accepted(let token):
        if isInFlight[token.number] { wrong += 1 }
        isInFlight[token.number] = true
        started += 1
      case .refused: wrong += 1
      }
    }

    private mutating func takeAll(_ pile: inout DMABufferStack) {
      _ = disk.mailbox.take()
      while let completion = disk.complete() {
        if !isInFlight[completion.token.number] || completion.result != .done { wrong += 1 }
        isInFlight[completion.token.number] = false
        done += 1
        pile.push(completion.takeBuffer())
      }
    }
  }
#endif
