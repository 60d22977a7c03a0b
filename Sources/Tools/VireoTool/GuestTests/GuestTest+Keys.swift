// Keyboards and pointers of guests: what is done at the emulator is what the shell gets.

import Foundation
import VirtualMachine

extension GuestTest {
  /// All of them.
  static var keys: [GuestTest] {
    Combination.all.map { keys($0.name, Desk($0)) } + [keys("PS/2", Desk(Combination(.x86, .q35, .pci), isPS2: true))]
      + [Combination(.aarch64, .virt, .mmio), Combination(.riscv64, .virt, .pci), Combination(.x86, .q35, .pci)].map {
        keys("polled \($0.name)", Desk($0, words: ["vireo.wait=poll"], isPolled: true))
      } + [wrongMap]
      + desks.map(german) + desks.map(repetition) + desks.map(lights) + desks.map(pointers)
  }

  /// One of each architecture, both kinds of transport, and a PC's own keyboard.
  private static var desks: [Desk] {
    [
      Desk(Combination(.aarch64, .virt, .mmio)), Desk(Combination(.riscv64, .virt, .pci)),
      Desk(Combination(.x86, .q35, .pci)), Desk(Combination(.x86, .q35, .pci), isPS2: true),
    ]
  }

  /// A guest with a keyboard, and where it is typed at.
  private struct Desk: Sendable {
    let combination: Combination
    var words: [String] = []
    /// The keyboard and the mouse are those that a PC has of its own.
    let isPS2: Bool
    let isPolled: Bool

    init(_ combination: Combination, words: [String] = [], isPS2: Bool = false, isPolled: Bool = false) {
      self.combination = combination
      self.words = words
      self.isPS2 = isPS2
      self.isPolled = isPolled || isPS2
    }

    var name: String { isPS2 ? "PS/2" : combination.name }

    /// Boots with a console whose text goes to a file.
    func boot(
      _ context: GuestTestContext, _ name: String, words: [String] = [], inputs: [GuestDevices.Input] = [.keyboard],
      extraArguments: [String] = []
    ) throws -> (session: GuestSession, printed: URL) {
      let folder = try context.folder(name.replacingOccurrences(of: "/", with: ""))
      let file = folder.appendingPathComponent("console.txt")
      var devices = GuestDevices()
      devices.own = []
      devices.consoles = [.file(file)]
      devices.inputs = isPS2 ? [] : inputs
      let session = try GuestSession(
        combination, kernel: context.package.kernel(combination.architecture).path, folder: folder, devices: devices,
        kernelWords: self.words + words, extraArguments: extraArguments)
      return (session, file)
    }

    /// Types as fast as the monitor takes it, but never more than the keyboard has room for: a keyboard throws away what
    /// it has no room for, and nobody could tell.
    func type(_ strokes: [[String]], _ session: GuestSession) throws {
      // A PC's keyboard keeps 16 bytes. A VirtIO device has 64 buffers, half of which may not be shown again yet, and
      // ends what belongs together with an event more.
      let room = isPS2 ? 14 : 32
      var taken = 0
      let start = session.lines.last?.count ?? 0
      for (index, stroke) in strokes.enumerated() {
        let size = 2 * stroke.count + (isPS2 ? 0 : 1)
        if taken + size > room {
          try session.wait(for: "\(index) characters") { $0.last?.count == start + index }
          taken = 0
        }
        taken += size
        try session.emulator.send(.stroke(stroke))
      }
    }

    /// Types, and waits after each key until it has been echoed; caps lock alone is not.
    func typeSlowly(_ strokes: [[String]], _ session: GuestSession) throws {
      for stroke in strokes {
        let before = session.lines.last
        try session.emulator.send(.stroke(stroke))
        if stroke != ["caps_lock"] { try session.wait(for: "echo of \(stroke)") { $0.last != before } }
      }
    }
  }

  private static func strokes(_ text: String) throws -> [[String]] {
    guard let strokes = KeyStrokes(text) else { throw ToolError("'\(text)' has a character that is on no key") }
    return strokes.strokes
  }

  /// All characters that are on keys, and some more than once.
  private static let text =
    "the quick brown fox jumps over the lazy dog 0123456789 THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG "
    + "`-=[]\\;',./~!@#$%^&*()_+{}|:\"<>? sphinx of black quartz, judge my vow; pack my box with 5 dozen liquor jugs"

  /// Text by the keyboard: no character is lost, and the command that it is gets done.
  private static func keys(_ name: String, _ desk: Desk) -> GuestTest {
    GuestTest(name: "keys \(name)") { context in
      let (session, printed) = try desk.boot(context, "keys-\(name)")
      var failures = try typed(text, desk, session, printed)
      // Time enough to fall asleep, a few times.
      for _ in 0..<5 {
        Thread.sleep(forTimeInterval: 0.1)
        try desk.typeSlowly([["x"], ["backspace"]], session)
      }
      let info = try session.perform("info input0").output
      let wakeUps = info.first { $0.hasPrefix("wake-ups:") }?.split(separator: " ").dropFirst().first.flatMap {
        Int($0)
      }
      if wakeUps.map({ ($0 > 0) == desk.isPolled }) ?? true {
        failures.append("'info input0' says \(info.last ?? "nothing"); is it polled: \(desk.isPolled)")
      }
      for line in session.lines where line.contains("keys were lost") { failures.append(line) }
      return try failures + session.finish()
    }
  }

  /// Types words with shift and caps lock, and looks at what was echoed and printed.
  private static func typed(
    _ text: String, _ desk: Desk, _ session: GuestSession, _ printed: URL
  ) throws -> [String] {
    let locked = try strokes(" ") + [["caps_lock"]] + strokes("aB1") + [["caps_lock"]] + strokes("aB1")
    let expected = text + " Ab1aB1"
    let echo = "print console0 " + expected
    let count = session.results.count
    try desk.type(strokes("print console0 " + text), session)
    let length = (ShellPrompt.text + "print console0 " + text).count
    try session.wait(for: "what was typed at speed") { $0.last?.count == length }
    try desk.typeSlowly(locked, session)
    try session.wait(for: "the whole line") { ($0.last?.count ?? 0) >= ShellPrompt.text.count + echo.count }
    try session.emulator.send(.stroke(["ret"]))
    let result = try session.result(count)
    var failures: [String] = []
    if result.error != nil || result.output != [echo] {
      failures.append("expected '\(echo)', found \(result.output) and \(result.error ?? "ok")")
    }
    let file = try String(contentsOf: printed, encoding: .utf8)
    if file != expected + "\n" { failures.append("the console has got '\(file)', expected '\(expected)'") }
    return failures
  }

  /// The comparison can fail: Z and Y have changed places.
  private static var wrongMap: GuestTest {
    GuestTest(name: "keys: a wrong map is noticed") { context in
      let desk = Desk(Combination(.aarch64, .virt, .mmio))
      let (session, printed) = try desk.boot(context, "keys-wrong-map", words: ["vireo.keys=de"])
      let found = try typed("zy", desk, session, printed)
      let failures = try session.finish()
      return failures + (found.count == 2 ? [] : ["the German map types what that of the United States does: \(found)"])
    }
  }

  /// The German map, with characters of two bytes; backspace takes a whole one.
  private static func german(_ desk: Desk) -> GuestTest {
    GuestTest(name: "keys German \(desk.name)") { context in
      let (session, printed) = try desk.boot(context, "keys-german-\(desk.name)", words: ["vireo.keys=de"])
      let print = try strokes("print console0 ")
      let count = session.results.count
      // What is beside the letters: umlauts, sharp s, the at sign and the euro by the third level, Z and Y.
      let keys = [
        ["apostrophe"], ["semicolon"], ["bracket_left"], ["minus"], ["shift", "apostrophe"], ["alt_r", "q"],
        ["alt_r", "e"], ["z"], ["y"], ["shift", "minus"], ["apostrophe"], ["backspace"], ["shift", "7"],
      ]
      try desk.type(print, session)
      try session.wait(for: "the command") { $0.last == ShellPrompt.text + "print console0 " }
      try desk.typeSlowly(keys, session)
      try session.emulator.send(.stroke(["ret"]))
      let result = try session.result(count)
      let expected = "äöüßÄ@€yz?/"
      let file = try String(contentsOf: printed, encoding: .utf8)
      var failures = result.error.map { [$0] } ?? []
      if file != expected + "\n" { failures.append("the console has got '\(file)', expected '\(expected)'") }
      return try failures + session.finish()
    }
  }

  /// A key that is held repeats, and stops when it is let go of.
  private static func repetition(_ desk: Desk) -> GuestTest {
    GuestTest(name: "keys repetition \(desk.name)") { context in
      let (session, printed) = try desk.boot(context, "keys-repetition-\(desk.name)")
      let count = session.results.count
      try desk.type(strokes("print console0 "), session)
      try session.emulator.send(.keyState("a", isDown: true))
      try session.wait(for: "repetition") { $0.last?.hasSuffix("aaaa") == true }
      try session.emulator.send(.keyState("a", isDown: false))
      try session.emulator.send(.stroke(["b"]))
      try session.wait(for: "the key after it") { $0.last?.hasSuffix("b") == true }
      // Ten times as long as from one repetition to the next.
      Thread.sleep(forTimeInterval: 0.33)
      try session.emulator.send(.stroke(["ret"]))
      let result = try session.result(count)
      let file = try String(contentsOf: printed, encoding: .utf8)
      let isRight = file.hasSuffix("ab\n") && file.dropLast(2).allSatisfy { $0 == "a" }
      return try (isRight ? [] : ["the console has got '\(file)' and the shell said \(result)"]) + session.finish()
    }
  }

  /// Lights, as a watcher of the screen is told of them.
  private static func lights(_ desk: Desk) -> GuestTest {
    GuestTest(name: "keys lights \(desk.name)") { context in
      let folder = try TemporaryFolder()
      let path = folder.path("screen")
      let (session, _) = try desk.boot(
        context, "keys-lights-\(desk.name)", inputs: [.keyboard, .tablet], extraArguments: ["-vnc", "unix:\(path)"])
      let watcher = try VNCClient(path: path)
      var failures: [String] = []
      // Scroll lock is bit 0 there, number lock bit 1, caps lock bit 2.
      func expect(_ lights: UInt8, after what: String) throws {
        if try !watcher.watch(milliseconds: 10_000, until: { $0.lights == lights }) {
          failures.append("lights are \(watcher.lights ?? 0xff) after \(what), expected \(lights)")
        }
      }
      for (command, lights) in [
        ("led caps on", 4), ("led input0 num on", 6), ("led caps off", 2), ("led scroll on", 3), ("led num off", 1),
      ] as [(String, UInt8)] {
        failures += try session.perform(command).error.map { ["'\(command)' says \($0)"] } ?? []
        try expect(lights, after: command)
      }
      // The light follows the key.
      try session.emulator.send(.stroke(["caps_lock"]))
      try expect(5, after: "the key")
      try session.emulator.send(.stroke(["caps_lock"]))
      try expect(1, after: "the key once more")
      let pointer = "input1"
      for (command, words) in [
        ("led \(pointer) caps on", "error: led: \(pointer) has no caps light"),
        ("led nothing caps on", "error: led: NAME 'nothing', expected an input device that 'devices' lists"),
        ("led caps red", "error: led: 'red', expected on or off"),
      ] {
        let found = try session.perform(command).error
        if found != words { failures.append("'\(command)' says \(found ?? "ok"), expected '\(words)'") }
      }
      // What the keyboard was told, it has taken, and so has its driver.
      let health = try session.perform("explain input0").output
      if health.last?.hasPrefix(desk.isPS2 ? "input0: driven by ps2" : "input0: healthy: ") != true {
        failures.append("'explain input0' says \(health)")
      }
      // Those errors were asked for.
      return try failures
        + session.finish().filter {
          !$0.contains("a shell command failed") && !$0.contains("the kernel ended with status")
        }
    }
  }

  /// What `events` prints: keys, places of a tablet, distances of a mouse, buttons.
  private static func pointers(_ desk: Desk) -> GuestTest {
    GuestTest(name: "keys pointers \(desk.name)") { context in
      let (session, _) = try desk.boot(
        context, "keys-pointers-\(desk.name)", inputs: [.keyboard, .mouse, .tablet])
      var failures: [String] = []
      let mouse = "input1"
      var steps: [(VirtualMachine.InputEvent, String)] = [
        (.keyState("q", isDown: true), "input0: KEY_Q 1"), (.keyState("q", isDown: false), "input0: KEY_Q 0"),
        (.move(x: 5, y: -7), "\(mouse): REL_X 5, REL_Y -7"),
      ]
      if !desk.isPS2 {
        steps += [
          (.place(x: 16_384, y: 100), "input2: ABS_X 16384, ABS_Y 100"),
          (.place(x: 32_767, y: 0), "input2: ABS_X 32767, ABS_Y 0"),
        ]
      }
      let count = session.results.count
      try session.emulator.serial.type(line: "events \(steps.count)")
      try session.wait(for: "a listener") { $0.contains { $0.hasPrefix("listening to input0, ") } }
      for (event, words) in steps {
        let before = session.lines.count
        try session.emulator.send(event)
        try session.wait(for: "'\(words)'") { $0.count > before && $0.contains(words) }
      }
      let result = try session.result(count)
      if result.error != nil || result.output.count != steps.count + 2 {
        failures.append("'events' says \(result.output), \(result.error ?? "ok")")
      }
      failures += try motion(session, mouse)
      return try failures + session.finish()
    }
  }

  /// Many moves: joined or not, no distance is lost.
  private static func motion(_ session: GuestSession, _ mouse: String) throws -> [String] {
    let count = session.results.count
    let before = session.lines.filter { $0.hasPrefix("listening to ") }.count
    let lineCount = 12
    try session.emulator.serial.type(line: "events \(lineCount)")
    try session.wait(for: "a listener") { $0.filter { $0.hasPrefix("listening to ") }.count > before }
    let start = session.lines.count
    func moves(_ lines: some Sequence<String>) -> [String] { lines.filter { $0.hasPrefix("\(mouse): REL_X ") } }
    func movesSoFar() -> [String] { moves(session.lines.dropFirst(start)) }
    // The last line may not be whole yet.
    func distance(_ moves: [String]) -> Int {
      moves.reduce(0) { $0 + ($1.split { " ,".contains($0) }.dropFirst(2).first.flatMap { Int($0) } ?? 0) }
    }
    // A PC's mouse keeps 16 bytes, which are four moves. What has no room waits for the next move, and nobody makes one.
    var sent = 0
    while movesSoFar().count < lineCount {
      let burst = min(4, lineCount - movesSoFar().count)
      for _ in 0..<burst { try session.emulator.send(.move(x: 3, y: 0)) }
      sent += 3 * burst
      try session.wait(for: "a way of \(sent)") { _ in distance(movesSoFar()) >= sent }
    }
    let found = moves(try session.result(count).output)
    return distance(found) == sent ? [] : ["the mouse went \(distance(found)) in \(found), expected \(sent)"]
  }
}
