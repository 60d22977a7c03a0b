#if os(none)
  import BareMetal
  import CBareMetal
  import DevicePlatform

  /// Called by the boot code: MMU and caches are on, exceptions are reported.
  @c(vireo_kernel_main)
  func kernelMain() {
    Machine.console.enable()
    let facts = MachineFacts()
    guard let clock = CounterClock.discover(knownFrequency: facts.timebaseFrequency) else {
      say("Bail out! the frequency of the processor's counter is unknown")
      Machine.exit(.failure)
    }
    var check = SelfCheck(facts: facts, clock: clock)
    check.run()
    while let line = readLine(until: clock.now + .milliseconds(50), by: clock) {
      if let exception = ProvokedException.allCases.first(where: { $0.name == line }) { exception.provoke() }
    }
    Machine.exit(check.failures == 0 ? .success : .failure)
  }
#endif
