#if os(none)
  import DeviceManager
  import DevicePlatform
  import VirtIO
  import VirtIONetwork

  /// A station on a wire whose other end is `vireo guest bench --peer`: sends frames, or counts those that come in, as it is
  /// asked. The tool's `WireFrame` says what lies in a frame; `Benchmarks/Peer/frames.c` does the same on Linux.
  struct FrameService: ~Copyable {
    static let burst = 32
    /// So many frames have come in: the other end is told.
    static let takenEvery: UInt32 = 64
    static let leastByteCount = 60
    static let mostByteCount = 1514

    enum Kind {
      static let data: UInt32 = 0
      static let hello: UInt32 = 1
      static let load: UInt32 = 2
      static let ready: UInt32 = 3
      static let taken: UInt32 = 4
      static let result: UInt32 = 5
      static let stop: UInt32 = 6
      static let end: UInt32 = 7
    }

    /// A type for experiments, as it lies in a frame at offset 12, and above it the kind.
    static func mark(_ kind: UInt32) -> UInt32 { 0xb588 | kind << 16 }

    var waiter: DeviceWaiter
    /// Buffers for frames to send, and received ones on their way back to the device.
    var outgoing: DMABufferStack
    var incoming: DMABufferStack
    var problem: String?
    var waitingSince: MonotonicTime?

    /// A station with as many buffers as a transmit queue takes, and some for the protocol.
    init(_ transmitCapacity: Int, _ memory: KernelMemory, _ waiter: DeviceWaiter) throws(DMAError) {
      let count = transmitCapacity + 8
      outgoing = DMABufferStack(capacity: count)
      incoming = DMABufferStack(capacity: Self.burst)
      self.waiter = waiter
      for _ in 0..<count {
        var buffer = try memory.allocate(byteCount: Self.mostByteCount + 2)
        // The tool's address, this card's, and the type.
        var words = buffer.mutableWords
        for (index, word) in [0x0000_5452, 0x5452_0200, 0x0100_0000, Self.mark(Kind.data)].enumerated() {
          words[index] = UInt32(littleEndian: word)
        }
        outgoing.push(buffer)
      }
    }

    /// Serves until the other end says that this was all.
    ///
    /// - Returns: what went wrong.
    mutating func run<T: Transport & ~Copyable>(
      _ pair: inout NetworkQueuePair<T>, _ mailbox: EventMailbox
    ) -> String? {
      guard pair.layout.headerByteCount & 7 == 4 else { return "a card of before version 1, expected a later one" }
      say(Kind.hello, on: &pair)
      while problem == nil {
        guard let frame = pair.receive() else {
          waitForFrame(&pair)
          continue
        }
        waitingSince = nil
        let load = Load(frame, give: &pair)
        switch load.mark {
        case Self.mark(Kind.end): return nil
        case Self.mark(Kind.load): perform(load, &pair, mailbox)
        default: break
        }
      }
      return problem
    }

    struct Load {
      let mark: UInt32
      let isTransmit: Bool
      let byteCount: Int
      let count: UInt32

      init<T: Transport & ~Copyable>(_ frame: consuming ReceivedFrame, give pair: inout NetworkQueuePair<T>) {
        let place = frame.offset + 12
        // At least 60 bytes wherever a frame ends, as a receive buffer has more.
        let buffer = frame.takeBuffer()
        let (first, second) = (buffer.load64(at: place), buffer.load64(at: place + 8))
        mark = UInt32(truncatingIfNeeded: first)
        isTransmit = first >> 32 == 1
        byteCount = Int(second & 0xffff_ffff)
        count = UInt32(second >> 32)
        _ = pair.give(buffer)
        pair.publish()
      }
    }

    private mutating func perform<T: Transport & ~Copyable>(
      _ load: Load, _ pair: inout NetworkQueuePair<T>, _ mailbox: EventMailbox
    ) {
      guard Self.leastByteCount...Self.mostByteCount ~= load.byteCount else {
        return problem = "a load of frames of \(load.byteCount) bytes, expected 60 to 1514"
      }
      let interrupts = mailbox.interrupts
      let bells = Self.bells(pair, load.isTransmit)
      say(Kind.ready, on: &pair)
      var (count, disordered) = (load.count, UInt32(0))
      if load.isTransmit { transmit(load, &pair) } else { (count, disordered) = receive(&pair) }
      let all = UInt32(truncatingIfNeeded: mailbox.interrupts &- interrupts)
      let rung = UInt32(truncatingIfNeeded: Self.bells(pair, load.isTransmit) &- bells)
      say(Kind.result, count, all, disordered, rung, on: &pair)
    }

    private static func bells<T: Transport & ~Copyable>(
      _ pair: borrowing NetworkQueuePair<T>, _ isTransmit: Bool
    ) -> UInt64 {
      (isTransmit ? pair.transmitState : pair.receiveState).counters.notifications
    }
  }
#endif
