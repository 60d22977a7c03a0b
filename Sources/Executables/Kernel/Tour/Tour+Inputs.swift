#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import InputEvents
  import VirtIO

  extension Tour {
    /// Says what there is to type and to point with, and switches a light of each keyboard on and off.
    func visitInputs() {
      for entry in table.manager.entries {
        guard case .input(let device)? = entry.role else { continue }
        let description = device.description
        let name = Shell.printable(Array(description.name.utf8))
        report.note("\(entry.name): \(description.kind.name), \(name)")
        report.expect(
          description.kind != .other && !description.name.isEmpty, "input: \(entry.name) says what it is")
        if description.has(.capsLock) { checkLight(entry, device) }
      }
    }

    /// The device takes what it is told: by its queue's index, or by its answer.
    private func checkLight(_ entry: DeviceEntry, _ device: any InputDevice) {
      let what = "input: \(entry.name) takes what it is told of a light"
      do throws(InputFailure) {
        try device.set(.capsLock, isOn: true)
        try device.set(.capsLock, isOn: false)
      } catch {
        return report.fail(what, because: "\(entry.name): \(error.words)")
      }
      let deadline = clock.now + .seconds(2)
      while let queue = entry.device?.observe()?.queues.last, queue.state.availableIndex != queue.deviceUsedIndex {
        if clock.now >= deadline {
          return report.fail(what, because: "\(entry.name): events are with the device after 2 s")
        }
        relaxProcessor()
      }
      entry.device?.serve()
      report.expect(true, what)
    }
  }
#endif
