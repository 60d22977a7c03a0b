#if os(none)
  import BareMetal
  import DevicePlatform

  /// What frames cost, from one card to another on the same wire, as lines `# bench: NAME VALUE`: in bursts of 32, each of
  /// which has left and come in before the next.
  struct NetworkMeasurements {
    let report: Report
    let table: DeviceTable
    let memory: KernelMemory
    let clock: CounterClock

    private static let frameCount = 1000
    private static let burst = 32
    private static let byteCount = 60

    /// Measures, if there are two cards.
    func run() {
      let cards = table.frameCards.all
      guard cards.count == 2 else { return }
      let what = "bench: bursts of frames from card to card were measured"
      let (sender, receiver) = (cards[0], cards[1])
      var (sending, receiving) = ([UInt](), [UInt]())
      let (sent, received) = (sender.frameCounts, receiver.frameCounts)
      do throws(DMAError) {
        try sender.makeFrames(Self.burst, byteCount: Self.byteCount, memory: memory)
      } catch {
        return report.fail(what, because: error.words)
      }
      let deadline = clock.now + .seconds(60)
      var left = Self.frameCount
      while left > 0 {
        let count = min(Self.burst, left)
        left -= count
        receiver.expectBurst(count)
        guard let there = sender.sendBurst(count, until: deadline),
          let back = receiver.receiveBurst(count, until: deadline)
        else { return report.fail(what, because: "\(left + count) frames were left to send or to come in after 60 s") }
        guard count == Self.burst else { continue }
        sending.append(there)
        receiving.append(back)
      }
      let (sentNow, receivedNow) = (sender.frameCounts, receiver.frameCounts)
      note("transmit-instructions-per-burst-median", UInt64(sending.sorted()[sending.count / 2]))
      note("receive-instructions-per-burst-median", UInt64(receiving.sorted()[receiving.count / 2]))
      note("transmit-doorbells-per-1000-frames", sentNow.transmitDoorbells - sent.transmitDoorbells)
      note("receive-doorbells-per-1000-frames", receivedNow.receiveDoorbells - received.receiveDoorbells)
      note("transmit-interrupts-per-1000-frames", sentNow.interrupts - sent.interrupts)
      note("receive-interrupts-per-1000-frames", receivedNow.interrupts - received.interrupts)
      report.expect(true, what)
    }

    private func note(_ name: String, _ value: UInt64) { report.note("bench: \(name) \(value)") }
  }
#endif
