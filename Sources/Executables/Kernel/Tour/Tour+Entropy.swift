#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOEntropy

  extension Tour {
    /// Draws from every source.
    func visitSources() {
      var first: [[UInt8]] = []
      for source in table.sources {
        let name = source.name
        do throws(EntropyError) {
          let one = try source.bytes(32)
          let other = try source.bytes(32)
          first.append(one)
          report.expect(one != other && one.count == 32, "entropy: two draws from \(name) differ")
          checkLargeDraw(source)
          checkWithoutWaiting(source)
        } catch {
          report.fail("entropy: two draws from \(name) differ", because: "\(name): \(error.words)")
        }
      }
      if first.count > 1 { report.expect(first[0] != first[1], "entropy: two sources differ") }
    }

    /// More than one request can carry. No stretch of 16 bytes may be as it was: one that a request left out would be.
    private func checkLargeDraw(_ source: any EntropyDevice) {
      let what = "entropy: \(source.name) gives 100 KiB in several requests"
      let before = source.queue.usedIndex
      do throws(EntropyError) {
        let bytes = try source.bytes(100 << 10)
        var isFilled = bytes.count == 100 << 10
        var zeros = 0
        for byte in bytes {
          zeros = byte == 0 ? zeros + 1 : 0
          if zeros == 16 { isFilled = false }
        }
        report.expect(isFilled && source.queue.usedIndex &- before > 1, what)
      } catch {
        report.fail(what, because: "\(source.name): \(error.words)")
      }
    }

    /// Two buffers in flight, and the caller looks again and again.
    private func checkWithoutWaiting(_ source: any EntropyDevice) {
      let what = "entropy: \(source.name) fills two buffers while the caller does something else"
      var answers = 0
      var isFilled = true
      do throws(DMAError) {
        for _ in 0..<2 {
          if case .refused(let refusal, _) = source.start(into: try memory.allocate(byteCount: 256)) {
            report.note("\(source.name): \(refusal.words)")
          }
        }
      } catch {
        report.note("\(source.name): \(error.words)")
      }
      source.publish()
      let deadline = clock.now + .seconds(5)
      while source.queue.inFlight > 0, clock.now < deadline {
        guard let completion = source.complete() else { continue }
        answers += 1
        let count = completion.byteCount
        let bytes = completion.takeBuffer().array(256)
        if count == 0 || bytes[..<count].allSatisfy({ $0 == 0 }) { isFilled = false }
      }
      report.expect(answers == 2 && isFilled, what)
    }
  }
#endif
