#if os(none)
  import DeviceManager
  import DevicePlatform
  import VirtIO
  import VirtIONetwork

  extension FrameService {
    mutating func transmit<T: Transport & ~Copyable>(_ load: Load, _ pair: inout NetworkQueuePair<T>) {
      let half = max(1, pair.transmitCapacity / 2)
      var next: UInt32 = 0
      while next < load.count, problem == nil {
        reclaim(&pair)
        if burst(load, &next, &pair) > 0 {
          waitingSince = nil
          continue
        }
        // Half of them at once: one interrupt, and enough is left to send in the meantime.
        waitForRoom(half, &pair)
      }
    }

    mutating func reclaim<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
      _ = pair.reclaimBatch(upTo: pair.transmitCapacity) { outgoing.push($0.takeBuffer()) }
    }

    mutating func burst<T: Transport & ~Copyable>(
      _ load: Load, _ next: inout UInt32, _ pair: inout NetworkQueuePair<T>
    ) -> Int {
      let byteCount = load.byteCount
      return pair.sendBatch(
        upTo: min(Self.burst, Int(load.count - next)),
        source: {
          guard var buffer = outgoing.pop() else { return nil }
          var words = buffer.mutableWords
          words[3] = UInt32(littleEndian: Self.mark(Kind.data))
          words[4] = UInt32(littleEndian: next)
          next &+= 1
          return OutgoingFrame(buffer, byteCount: byteCount)
        },
        refused: { refusal, frame in
          problem = refusal.words
          outgoing.push(frame.takeBuffer())
        })
    }

    /// Until the other end says that there are no more: how many frames came, and how many of them not in turn.
    mutating func receive<T: Transport & ~Copyable>(
      _ pair: inout NetworkQueuePair<T>
    ) -> (count: UInt32, disordered: UInt32) {
      let (data, stop) = (Self.mark(Kind.data), Self.mark(Kind.stop))
      var (count, disordered, next, told) = (UInt32(0), UInt32(0), UInt32(0), UInt32(0))
      var isOver = false
      while !isOver, problem == nil {
        let received = pair.receiveBatch(upTo: Self.burst) { frame in
          let place = frame.offset + 12
          let buffer = frame.takeBuffer()
          let head = buffer.load64(at: place)
          let mark = UInt32(truncatingIfNeeded: head)
          if mark == data {
            let number = UInt32(truncatingIfNeeded: head >> 32)
            if number != next { disordered &+= 1 }
            next = number &+ 1
            count &+= 1
          } else if mark == stop {
            isOver = true
          }
          incoming.push(buffer)
        }
        if received == 0 {
          waitForFrame(&pair)
          continue
        }
        waitingSince = nil
        _ = pair.giveBatch(
          upTo: Self.burst, source: { incoming.pop() },
          refused: { refusal, buffer in
            problem = refusal.words
            incoming.push(buffer)
          })
        if isOver || next / Self.takenEvery != told {
          told = next / Self.takenEvery
          say(Kind.taken, next, isOver ? 1 : 0, on: &pair)
        }
      }
      return (count, disordered)
    }

    /// Sends a frame of the protocol.
    mutating func say<T: Transport & ~Copyable>(
      _ kind: UInt32, _ first: UInt32 = 0, _ second: UInt32 = 0, _ third: UInt32 = 0, _ fourth: UInt32 = 0,
      on pair: inout NetworkQueuePair<T>
    ) {
      while problem == nil {
        reclaim(&pair)
        guard pair.transmitsInFlight < pair.transmitCapacity, var buffer = outgoing.pop() else {
          waitForRoom(1, &pair)
          continue
        }
        waitingSince = nil
        var words = buffer.mutableWords
        words[3] = UInt32(littleEndian: Self.mark(kind))
        words[4] = UInt32(littleEndian: first)
        words[5] = UInt32(littleEndian: second)
        words[6] = UInt32(littleEndian: third)
        words[7] = UInt32(littleEndian: fourth)
        if case .refused(let refusal, let frame) = pair.send(OutgoingFrame(buffer, byteCount: Self.leastByteCount)) {
          problem = refusal.words
          outgoing.push(frame.takeBuffer())
        }
        return pair.publish()
      }
    }

    // MARK: Waiting

    /// Longer than the other end is ever busy with something else.
    static var patience: TimeSpan { .seconds(60) }

    mutating func waitForFrame<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
      if !pair.armReceive() { wait(&pair) }
      pair.disarmReceive()
    }

    mutating func waitForRoom<T: Transport & ~Copyable>(
      _ count: Int, _ pair: inout NetworkQueuePair<T>
    ) {
      if !pair.armTransmit(after: count) { wait(&pair) }
      pair.disarmTransmit()
    }

    mutating func wait<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
      let now = waiter.now
      let since = waitingSince ?? now
      waitingSince = since
      if pair.fault != nil { return problem = "the device broke the rules" }
      if now - since > Self.patience {
        let seconds = Self.patience.nanoseconds / 1_000_000_000
        return problem = "nothing came, and nothing left, for \(seconds) s"
      }
      waiter.wait(until: since + Self.patience)
      waiter.noteProgress()
    }
  }
#endif
