import DevicePlatform
import InputEvents
import QTest
import Testing
import VirtIO
import VirtIOInput
import VirtualMachine

/// The input driver against QEMU's keyboard. With several in a machine, the one that was brought up last hears the keys.
struct InputRow: DriverRow {
  let description = "input"
  let model = "keyboard"
  let type = DeviceType.input
  // The model has 64 entries and no switch for it.
  let deviceSizes: [Int] = []
  let driverSizes = [4, 16, 64]
  let largestSize = 64

  /// QEMU makes it a device of version 1 on PCI, whatever it is told.
  func isThere(in place: Place) -> Bool { !(place.isPCI && place.isLegacy) }

  func backing(count: Int, in place: Place) throws -> Backing {
    var backing = Backing()
    backing.properties = Array(repeating: "", count: count)
    return backing
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench, _ trial: MatrixTrial) throws {
    var options = InputOptions()
    options.features = trial.wanted
    options.queueSize = trial.wantedSize
    var waiter = bench.machine.waiter
    var input = try EventDevice(transport, options: options, waiter: &waiter)
    try bench.expectAgreement(on: input.features, wishes: options.features, trial)
    let size = trial.expectedSize(bench.place, self)
    #expect(input.eventQueueState.size == size && input.statusQueueState.size == size, bench.note)
    #expect(input.eventQueueState.capacity == size && input.eventQueueState.inFlight == size, bench.note)
    #expect(input.isLegacy == bench.place.isLegacy && input.description.kind == .keyboard, bench.note)
    bench.machine.connection.postsWrites = true
    try bench.machine.connection.synchronize()

    // Around small rings, and a little further.
    let rounds = min(size, 16) + 3
    for number in 0..<rounds {
      try bench.machine.emulator.send(.keyState("a", isDown: number % 2 == 0))
      let expected = Event(.key, code: 30, value: number % 2 == 0 ? 1 : 0)
      let received = input.collect(1, &waiter)
      #expect(received == [expected], bench.note)
    }
    let deadline = waiter.now + .seconds(10)
    for number in 0..<rounds {
      try input.set(.capsLock, isOn: number % 2 == 0)
      while input.reclaim() > 0, waiter.now < deadline { waiter.wait(until: deadline) }
    }
    #expect(input.arm() == false, bench.note)
    input.disarm()
    #expect(input.overrunCount == 0 && input.ignoredEventCount == 0 && input.fault == nil, bench.note)
    #expect(input.status.contains(.driverOK), bench.note)
    let (events, status) = (input.eventQueueState, input.statusQueueState)
    try bench.expectAgreement(on: events, unseen: size)
    // QEMU says of each light that it wrote the eight bytes that it has read.
    try bench.expectAgreement(on: status, falseLengths: rounds)
    try bench.expectLast([.init(address: 0, byteCount: 8, deviceWrites: false)], status, trial)
  }
}
