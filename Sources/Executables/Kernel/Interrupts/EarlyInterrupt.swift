#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO

  /// Has a disk interrupt although nobody drives it yet: it gets requests, and the bell, before DRIVER_OK. A driver must
  /// never do that; QEMU's disks do the requests all the same, as a broken device would interrupt for nothing.
  struct EarlyInterrupt {
    let memory: KernelMemory
    let clock: CounterClock

    /// How many requests, and reasons to interrupt.
    private static var count: Int { 3 }

    /// Leaves the disk reset.
    ///
    /// - Returns: whether it did all requests before DRIVER_OK.
    func provoke<T: Transport & ~Copyable>(_ transport: inout T) -> Bool {
      var waiter = PollingWaiter(clock: clock)
      var isDone = false
      do throws(BringupError) {
        var queue = try transport.bringUp(
          as: .block, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(2)
        ) { (transport, features) throws(BringupError) in
          let options = QueueOptions(maximumSize: 16, headerByteCount: 16, statusByteCount: 1)
          var queue = try transport.makeQueue(0, options, features: features)
          isDone = (0..<Self.count).allSatisfy { _ in readFirstSector(&queue) }
          return queue
        }
        queue.deviceWasReset(try transport.reset(waiter: &waiter, timeout: .seconds(2)))
      } catch {
        return false
      }
      return isDone
    }

    /// One request, for whose end the device is to interrupt.
    private func readFirstSector<T: Transport & ~Copyable>(_ queue: inout Virtqueue<T>) -> Bool {
      do throws(DMAError) {
        let buffer = try memory.allocate(byteCount: 512)
        // Type 0 reads; sector 0.
        let submission = queue.submit(buffer, deviceWrites: true) { header in
          header.store(0 as UInt64, at: 0)
          header.store(0 as UInt64, at: 8)
        }
        if case .refused = submission { return false }
      } catch {
        return false
      }
      _ = queue.arm(after: 1)
      queue.publish()
      let deadline = clock.now + .seconds(2)
      while clock.now < deadline {
        guard let completion = queue.complete() else { continue }
        // The next request would end before this one's interrupt has been taken, and masked: long enough for that.
        let end = clock.now + .milliseconds(2)
        while clock.now < end {}
        return completion.status == 0
      }
      return false
    }
  }
#endif
