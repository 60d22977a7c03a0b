#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import InputEvents

  extension Shell {
    /// Switches a keyboard's light.
    func led(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("led [NAME] caps|num|scroll on|off", 2...3)
      let (word, state) = (arguments[arguments.count - 2], arguments[arguments.count - 1])
      guard let light = InputLight.allCases.first(where: { Self.name(of: $0) == word }) else {
        throw CommandError("led: '\(word)', expected caps, num or scroll")
      }
      guard state == "on" || state == "off" else { throw CommandError("led: '\(state)', expected on or off") }
      let (name, device) = try device(arguments.count == 3 ? arguments[0] : nil, with: light)
      guard device.description.has(light) else { throw CommandError("led: \(name) has no \(word) light") }
      do throws(InputFailure) {
        try device.set(light, isOn: state == "on")
      } catch {
        throw CommandError("led: \(name): \(error.words)")
      }
    }

    /// The device of this name, or the first with such a light.
    private func device(
      _ name: String?, with light: InputLight
    ) throws(CommandError) -> (name: String, device: any InputDevice) {
      for entry in table.manager.entries {
        guard case .input(let device)? = entry.role else { continue }
        if name.map({ $0 == entry.name }) ?? device.description.has(light) { return (entry.name, device) }
      }
      guard let name else { throw CommandError("led: no keyboard has a \(Self.name(of: light)) light") }
      throw CommandError("led: NAME '\(name)', expected an input device that 'devices' lists")
    }

    private static func name(of light: InputLight) -> String {
      switch light {
      case .numberLock: "num"
      case .capsLock: "caps"
      case .scrollLock: "scroll"
      }
    }

    /// Prints what input devices tell. Meanwhile nothing that is typed on a keyboard gets to the shell.
    func events(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("events [N|Ns]", 0...1)
      var (lineCount, seconds) = (UInt64.max, UInt64(10))
      if arguments.count == 1 {
        let isTime = arguments[0].hasSuffix("s")
        let number = UInt64(isTime ? String(arguments[0].dropLast()) : arguments[0])
        guard let number, 1...3600 ~= number else {
          throw CommandError("events: '\(arguments[0])', expected a number of lines or, with an s, seconds: 1 to 3600")
        }
        if isTime { seconds = number } else { (lineCount, seconds) = (number, 3600) }
      }
      guard let inputs = terminal.inputs, !inputs.names.isEmpty else {
        throw CommandError("events: no input device, expected at least one")
      }
      inputs.watch(true)
      say("listening to " + inputs.names.joined(separator: ", "))
      let deadline = table.clock.now + .seconds(UInt32(seconds))
      while lineCount > 0, table.clock.now < deadline {
        guard let sight = inputs.nextSight() else {
          idle.pause()
          continue
        }
        say("\(sight.name): \(sight.words)")
        lineCount -= 1
      }
      inputs.watch(false)
    }

    /// What `info` says of an input device.
    func describe(_ device: any InputDevice, _ name: String) {
      let description = device.description
      say("kind:        \(description.kind.name)")
      say("device name: \(Self.printable(Array(description.name.utf8)))")
      if !description.serial.isEmpty { say("serial:      \(Self.printable(Array(description.serial.utf8)))") }
      if let identity = description.identity {
        say(
          "identity:    bus \(identity.bus), vendor \(hex(UInt(identity.vendor))), product "
            + "\(hex(UInt(identity.product))), version \(identity.version)")
      }
      for code in 0...UInt16(0x3f) {
        guard let axis = description.axis(code) else { continue }
        let event = InputEvent(.absolute, code: code, value: 0)
        say("axis:        \(event.name) from \(axis.minimum) to \(axis.maximum)")
      }
      let lights = InputLight.allCases.filter { description.has($0) }.map { Self.name(of: $0) }
      say("lights:      \(lights.isEmpty ? "none" : lights.joined(separator: ", "))")
      if let count = terminal.inputs?.wakeUps(of: name) { say("wake-ups:    \(count) of the sleeping shell") }
    }
  }
#endif
