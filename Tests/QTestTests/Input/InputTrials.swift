import DevicePlatform
import InputEvents
import KeyMaps
import QTest
import Testing
import VirtIO
import VirtIOInput
import VirtualMachine

/// What a keyboard says of itself, and text that is typed at it.
struct TypedText: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var input = try EventDevice(transport, waiter: &waiter)
    let description = input.description
    #expect(description.name == "QEMU Virtio Keyboard" && description.kind == .keyboard)
    // BUS_VIRTUAL, and QEMU's numbers.
    #expect(description.identity == InputIdentity(bus: 6, vendor: 0x627, product: 1, version: 1))
    #expect(InputLight.allCases.allSatisfy { description.has($0) } && !description.supports(.light, code: 3))
    #expect(description.supports(.repetition) && !description.supports(.relative) && !description.supports(.absolute))
    #expect(description.properties.isEmpty && description.axis(0) == nil)
    try bench.machine.connection.synchronize()
    // Z and Y change places on the way; shift makes a question mark of the key beside the 0 here.
    let keys = ["h", "e", "y", "apostrophe", "spc", "1", "ret"]
    for key in keys { try bench.machine.emulator.send(.key(key)) }
    try bench.machine.emulator.send(.keyState("shift", isDown: true))
    for key in ["z", "minus"] { try bench.machine.emulator.send(.key(key)) }
    try bench.machine.emulator.send(.keyState("shift", isDown: false))
    let events = input.collect(20, &waiter)
    #expect(events.count == 20 && events[0] == Event(.key, code: 35, value: 1))
    for (map, text) in [(KeyMap.us, "hey' 1\nZ_"), (.german, "hezä 1\nY?")] {
      var keyboard = Keyboard(map)
      var typed = ""
      for event in events {
        if let character = keyboard.take(event, now: waiter.now)?.character { typed.unicodeScalars.append(character) }
      }
      #expect(typed == text)
    }
    #expect(input.overrunCount == 0 && input.ignoredEventCount == 0)
    #expect(input.eventQueueState.counters.falseLengths == 0)
  }
}

/// Distances, buttons, and motion that is joined.
struct MouseMotion: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var input = try EventDevice(transport, waiter: &waiter)
    #expect(input.description.name == "QEMU Virtio Mouse" && input.description.kind == .mouse)
    #expect(input.description.supports(.relative, code: 8) && !input.description.supports(.light))
    let emulator = bench.machine.emulator
    try bench.machine.connection.synchronize()
    try emulator.send(.move(x: 5, y: -7))
    #expect(
      input.collect(2, &waiter) == [Event(.relative, code: 0, value: 5), Event(.relative, code: 1, value: -7)])
    try emulator.send(.button("left", isDown: true))
    try emulator.send(.button("left", isDown: false))
    try emulator.send(.button("wheel-up", isDown: true))
    let left: UInt16 = 0x110
    #expect(
      input.collect(3, &waiter) == [
        Event(.key, code: left, value: 1), Event(.key, code: left, value: 0), Event(.relative, code: 8, value: 1),
      ])
    // Ten moves that wait come as one; the monitor has answered, so they are all there.
    for _ in 0..<10 { try emulator.send(.move(x: 3, y: 1)) }
    var frame = InputFrame()
    #expect(input.nextFrame(&frame) == true && frame.frameCount == 10)
    #expect(Array(frame) == [Event(.relative, code: 0, value: 30), Event(.relative, code: 1, value: 10)])
    #expect(input.nextFrame(&frame) == false && input.overrunCount == 0)
  }
}

/// Places, and their range.
struct TabletPlaces: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var input = try EventDevice(transport, waiter: &waiter)
    #expect(input.description.name == "QEMU Virtio Tablet" && input.description.kind == .tablet)
    let axis = try #require(input.description.axis(InputAxis.Code.x))
    #expect(axis == InputAxis(code: 0, minimum: 0, maximum: 0x7fff))
    #expect(input.description.axis(InputAxis.Code.y)?.maximum == 0x7fff && input.description.axis(2) == nil)
    try bench.machine.connection.synchronize()
    for (x, y) in [(0, 0), (16_384, 100), (32_767, 32_767), (1, 32_000)] {
      try bench.machine.emulator.send(.place(x: x, y: y))
      let expected = [Event(.absolute, code: 0, value: Int32(x)), Event(.absolute, code: 1, value: Int32(y))]
      #expect(input.collect(2, &waiter) == expected)
    }
    #expect(axis.position(of: 32_767, on: 1280) == 1279)
  }
}

/// Lights, as somebody at the screen sees them.
struct Lights: TransportUser {
  let path: String

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var input = try EventDevice(transport, waiter: &waiter)
    let client = try VNCClient(path: path)
    // Scroll lock is bit 0 there, number lock bit 1, caps lock bit 2.
    let steps: [(InputLight, Bool, UInt8)] = [
      (.capsLock, true, 4), (.numberLock, true, 6), (.capsLock, false, 2), (.scrollLock, true, 3),
      (.numberLock, false, 1),
    ]
    for (light, isOn, expected) in steps {
      try input.set(light, isOn: isOn)
      try bench.machine.connection.synchronize()
      let isSeen = try client.watch(milliseconds: 10_000) { $0.lights == expected }
      #expect(isSeen, "\(light) \(isOn)")
    }
  }
}

/// Ten thousand key presses and releases, each a frame.
struct ManyEvents: TransportUser {
  private static let count = 10_000
  /// Keys, and Linux' numbers of them.
  private static let keys: [(String, UInt16)] = [
    ("a", 30), ("b", 48), ("c", 46), ("d", 32), ("e", 18), ("f", 33), ("g", 34),
  ]

  private static func key(_ number: Int) -> (String, UInt16) { keys[number / 2 % keys.count] }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var input = try EventDevice(transport, waiter: &waiter)
    bench.machine.connection.postsWrites = true
    try bench.machine.connection.synchronize()
    var sent = 0
    var received: [Event] = []
    received.reserveCapacity(Self.count)
    var frame = InputFrame()
    let deadline = waiter.now + .seconds(40)
    while received.count < Self.count, waiter.now < deadline {
      // Never more on the way than there are buffers for: two events in a frame.
      if sent < Self.count, sent - received.count < 30 {
        try bench.machine.emulator.send(.keyState(Self.key(sent).0, isDown: sent % 2 == 0))
        sent += 1
      }
      while input.nextFrame(&frame) {
        #expect(frame.count == 1)
        received += frame
      }
    }
    let expected = (0..<Self.count).map { Event(.key, code: Self.key($0).1, value: $0 % 2 == 0 ? 1 : 0) }
    // As one value: a difference would be printed whole.
    let isSame = received == expected
    #expect(isSame && received.count == Self.count)
    #expect(input.overrunCount == 0 && input.ignoredEventCount == 0)
    // Its end marks among them, each in a buffer of its own; modulo 65 536.
    #expect(input.eventQueueState.usedIndex == UInt16(2 * Self.count))
  }
}

/// More than there are buffers for.
struct Overrun: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var options = InputOptions()
    options.joinsMotion = false
    var input = try EventDevice(transport, options: options, waiter: &waiter)
    try bench.machine.connection.synchronize()
    // Three events a frame: 64 buffers take 21 frames, and one is left over.
    for number in 1...30 { try bench.machine.emulator.send(.move(x: number, y: 1)) }
    var frame = InputFrame()
    for number in 1...21 {
      #expect(input.nextFrame(&frame) == true && frame.first?.value == Int32(number) && !frame.isOverrun)
    }
    #expect(input.nextFrame(&frame) == false && input.overrunCount == 0)
    try bench.machine.connection.synchronize()
    try bench.machine.emulator.send(.move(x: 100, y: 1))
    let deadline = waiter.now + .seconds(10)
    while !input.nextFrame(&frame), waiter.now < deadline { waiter.wait(until: deadline) }
    #expect(frame.isOverrun && frame.first?.value == 100 && input.overrunCount == 1)
    try bench.machine.emulator.send(.move(x: 101, y: 1))
    #expect(input.collect(2, &waiter).first?.value == 101 && input.overrunCount == 1)
  }
}
