#if os(none)
  import DeviceTraits
  import Drawing

  /// Screens, before there is text on them. That a picture is right can only be seen from outside.
  extension Tour {
    /// A test card in each format on every screen; the last one stays.
    func checkDisplays(_ screens: Screens) {
      let displays = screens.displays
      if displays.isEmpty { return }
      var problems: [String] = []
      for (name, display) in displays {
        for screen in 0..<display.screenCount { problems += drawEveryFormat(screens, name, display, screen) }
      }
      for problem in problems { report.note(problem) }
      report.expect(problems.isEmpty, "displays: a test card in every format on every screen")
    }

    private func drawEveryFormat(
      _ screens: Screens, _ name: String, _ display: any DisplayDevice, _ screen: Int
    ) -> [String] {
      var problems: [String] = []
      for format in display.formats.reversed() {
        do throws(DisplayFailure) {
          try screens.drawCard(name, display, screen, format: format)
        } catch {
          problems.append("\(name): screen \(screen), \(format.name): \(error.words)")
        }
      }
      return problems
    }
  }
#endif
