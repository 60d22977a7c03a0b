#if os(none)
  import DeviceTraits
  import Drawing

  extension Shell {
    /// A test card on every screen that can have one; text stays away from them until `mode`.
    func draw(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("draw [FORMAT]", 0...1)
      let displays = screens.displays
      guard !displays.isEmpty else { throw CommandError("draw: no display, expected at least one") }
      var format: PixelFormat?
      if arguments.count > 0 {
        format = PixelFormat.allCases.first { $0.name == arguments[0] }
        guard format != nil else {
          let names = PixelFormat.allCases.map { $0.name }.joined(separator: ", ")
          throw CommandError("draw: FORMAT '\(arguments[0])', expected one of \(names)")
        }
      }
      terminal.show(on: nil)
      var problems: [String] = []
      for (name, display) in displays {
        for screen in 0..<display.screenCount {
          do throws(DisplayFailure) {
            try screens.drawCard(name, display, screen, format: format)
          } catch {
            problems.append("\(name), screen \(screen): \(error.words)")
          }
        }
      }
      if !problems.isEmpty { throw CommandError("draw: " + problems.joined(separator: "; ")) }
    }

    /// Another size for the first screen, and text on it.
    func mode(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("mode WIDTHxHEIGHT", 1...1)
      let sides = arguments[0].utf8.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
      let numbers = sides.map { Int(String(Substring($0))) }
      guard numbers.count == 2, let width = numbers[0], let height = numbers[1] else {
        throw CommandError("mode: '\(arguments[0])', expected a size such as 1280x800")
      }
      guard let (name, display) = screens.displays.first else {
        throw CommandError("mode: no display, expected at least one")
      }
      // Whoever waits for the display may have something to say.
      let text = terminal.holdScreen()
      do throws(DisplayFailure) {
        try display.setMode(DisplayMode(width: width, height: height), onScreen: 0)
      } catch {
        if let text { terminal.show(on: text) }
        throw CommandError("mode: \(name): \(error.words)")
      }
      // Whatever was there, text is now.
      screens.showText()
    }
  }
#endif
