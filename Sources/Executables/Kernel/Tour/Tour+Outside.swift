#if os(none)
  import BareMetal
  import DevicePlatform
  import OutsideDriver

  extension Tour {
    /// Gives each balloon the pages that it asks for.
    func checkBalloons() {
      for (index, balloon) in table.balloons.all.enumerated() {
        // Whoever runs the machine says how many pages that are, a moment after it has started.
        let deadline = clock.now + .seconds(5)
        while balloon.wantedPageCount == 0, clock.now < deadline { relaxProcessor() }
        let wanted = Int(balloon.wantedPageCount)
        let problem = balloon.inflate()
        report.note("balloon\(index): \(balloon.pageCount) of \(wanted) pages")
        report.expect(
          problem == nil && wanted > 0 && balloon.pageCount == wanted,
          "outside: a driver that is no part of the package gives its device the pages that it asks for",
          because: "balloon\(index): \(problem ?? "it asks for \(wanted)")")
      }
    }
  }
#endif
