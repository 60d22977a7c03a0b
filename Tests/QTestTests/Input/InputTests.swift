import DevicePlatform
import InputEvents
import QTest
import Testing
import VirtIO
import VirtIOInput
import VirtualMachine

extension EmulatedMachines {
  /// The input driver against QEMU's keyboard, mouse and tablet: what the monitor does is what arrives.
  @Suite struct InputTests {
    static let places: [Place] = [.q35PCI, .aarch64PCI, .aarch64MMIO, .riscv64PCI, .riscv64MMIO, .microvmMMIO]

    private func run(_ place: Place, _ model: String, _ more: [String] = [], _ trial: some TransportUser) throws {
      var configuration = QTestMachine.Configuration(place.kind, arguments: ["-device", place.model(model)] + more)
      configuration.isLegacyMMIO = place.isLegacy
      let bench = try Bench(place, configuration)
      try bench.use(.input, trial)
      try bench.expectCleanEnd()
    }

    @Test(arguments: places) func keyboard_text_arrivesAsCharacters(_ place: Place) throws {
      try run(place, "keyboard", [], TypedText())
    }

    @Test(arguments: places) func mouse_motionAndButtons_arrive(_ place: Place) throws {
      try run(place, "mouse", [], MouseMotion())
    }

    @Test(arguments: places) func tablet_places_arrive(_ place: Place) throws {
      try run(place, "tablet", [], TabletPlaces())
    }

    /// By QEMU's own account of a keyboard's lights: a watcher is told of them.
    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func lights_areSeen(_ place: Place) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("screen")
      try run(place, "keyboard", ["-vnc", "unix:\(path)"], Lights(path: path))
    }

    /// As fast as the monitor takes them, and nothing is lost or overtaken.
    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func tenThousandEvents_allComeInOrder(_ place: Place) throws {
      try run(place, "keyboard", [], ManyEvents())
    }

    /// Nobody reads: QEMU throws whole frames away, and the driver notices.
    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func events_thatNobodyReads_areNoticed(_ place: Place) throws {
      try run(place, "mouse", [], Overrun())
    }

    /// Each of them hears what is its own.
    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func severalDevices_hearTheirOwn(_ place: Place) throws {
      let models = ["keyboard", "mouse", "tablet"].map { place.model($0) }
      let benches = try Bench.several(place, devices: models, backing: Backing())
      if place.isPCI {
        try tryDesk(
          try benches[0].pciTransport(.input), try benches[1].pciTransport(.input),
          try benches[2].pciTransport(.input), benches[0])
      } else {
        try tryDesk(
          try benches[0].mmioTransport(.input), try benches[1].mmioTransport(.input),
          try benches[2].mmioTransport(.input), benches[0])
      }
      for bench in benches { #expect(try bench.report().status == 0) }
      try benches[0].expectCleanEnd()
    }

    private func tryDesk<T: Transport & ~Copyable>(
      _ first: consuming T, _ second: consuming T, _ third: consuming T, _ bench: Bench
    ) throws {
      var waiter = bench.machine.waiter
      var keyboard = try EventDevice(first, waiter: &waiter)
      var mouse = try EventDevice(second, waiter: &waiter)
      var tablet = try EventDevice(third, waiter: &waiter)
      #expect(keyboard.description.kind == .keyboard)
      #expect(mouse.description.kind == .mouse && tablet.description.kind == .tablet)
      try bench.machine.connection.synchronize()
      try bench.machine.emulator.send(.keyState("a", isDown: true))
      try bench.machine.emulator.send(.move(x: 1, y: 2))
      try bench.machine.emulator.send(.place(x: 3, y: 4))
      #expect(keyboard.collect(1, &waiter) == [Event(.key, code: 30, value: 1)])
      #expect(
        mouse.collect(2, &waiter) == [Event(.relative, code: 0, value: 1), Event(.relative, code: 1, value: 2)])
      #expect(
        tablet.collect(2, &waiter) == [Event(.absolute, code: 0, value: 3), Event(.absolute, code: 1, value: 4)])
      var frame = InputFrame()
      #expect(keyboard.nextFrame(&frame) == false && mouse.nextFrame(&frame) == false)
      #expect(tablet.nextFrame(&frame) == false)
    }
  }
}

/// Both sides of a test have events; here they are the driver's.
typealias Event = InputEvents.InputEvent

extension EventDevice where T: ~Copyable {
  /// Waits for so many events, ten seconds at most.
  mutating func collect(_ count: Int, _ waiter: inout QTestWaiter) -> [Event] {
    var events: [Event] = []
    var frame = InputFrame()
    let deadline = waiter.now + .seconds(10)
    while events.count < count, waiter.now < deadline {
      if nextFrame(&frame) { events += frame } else { waiter.wait(until: deadline) }
    }
    return events
  }
}
