#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import VirtIO

  extension Shell {
    /// How long a device may take for a request before it counts as silent.
    private var patience: TimeSpan { .milliseconds(200) }

    /// Says why a device is silent, or that it is not.
    func explain(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("explain NAME", 1...1)
      let name = arguments[0]
      do throws(ManagerError) {
        // What comes unasked is looked at now: that nobody has looked would be true, and nobody's fault.
        table.manager.serveAll()
        let earlier = try table.manager.observe(name)
        if earlier != nil {
          let deadline = table.clock.now + patience
          while table.clock.now < deadline { relaxProcessor() }
        }
        let diagnosis = try table.manager.diagnose(name, since: earlier)
        let state = table.manager.entry(named: name)?.state.words ?? ""
        say("\(name): \(diagnosis?.words ?? state)")
      } catch {
        throw CommandError("explain: \(error.words)")
      }
    }

    /// Prints all that is known about one queue.
    func queue(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("queue NAME N", 2...2)
      let number = try arguments.number(1, "N", 0...65_535)
      let observation = try observe(arguments[0], "queue")
      guard let queue = observation.queues.first(where: { UInt64($0.state.index) == number }) else {
        let numbers = observation.queues.map { String($0.state.index) }.joined(separator: ", ")
        throw CommandError("queue: N \(number), expected one of \(numbers)")
      }
      describe(queue)
      describe(observation.interrupts)
    }

    /// Prints what is known of a device's interrupts.
    func describe(_ interrupts: InterruptObservation?) {
      guard let interrupts else { return say("interrupts:  none, polled") }
      let masked = interrupts.isMasked ? ", masked" : ""
      say("interrupts:  \(interrupts.count), spurious \(interrupts.spuriousCount)\(masked)")
    }

    /// What can be seen of a driven device.
    func observe(_ name: String, _ command: String) throws(CommandError) -> DeviceObservation {
      do throws(ManagerError) {
        if let observation = try table.manager.observe(name) { return observation }
      } catch {
        throw CommandError("\(command): \(error.words), expected one that 'devices' lists")
      }
      throw CommandError("\(command): \(name) is \(table.manager.entry(named: name)?.state.words ?? "unknown")")
    }

    /// Prints a queue: addresses, indices, suppression, counters.
    func describe(_ queue: QueueObservation) {
      let state = queue.state
      let enabled = queue.isEnabled.map { $0 ? "enabled" : "not enabled" } ?? "enabled or not: unknown"
      say(
        "queue \(state.index):     size \(state.size), capacity \(state.capacity), in flight \(state.inFlight), \(enabled)"
      )
      say(
        "  indices:   submitted \(queue.submittedIndex), available \(state.availableIndex), "
          + "used \(state.usedIndex), used by the device's word \(queue.deviceUsedIndex)")
      say("  wishes:    \(queue.suppression.words)")
      say("  doorbells: \(state.counters.notifications), false lengths \(state.counters.falseLengths)")
      say(
        "  areas:     descriptors \(hex(UInt(state.areas.descriptors.rawValue))), "
          + "driver \(hex(UInt(state.areas.driver.rawValue))), device \(hex(UInt(state.areas.device.rawValue)))")
      say("  memory:    \(state.byteCount) bytes")
      say("  fault:     \(state.fault?.words ?? "none")")
    }
  }
#endif
