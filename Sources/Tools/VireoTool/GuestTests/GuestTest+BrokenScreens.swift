// GPUs that come up and are of no use, and devices that are gone while they are used: the others work.

import Foundation
import VirtualMachine

extension GuestTest {
  /// One of each architecture, and both kinds of transport.
  static var screenMachines: [Combination] {
    [Combination(.aarch64, .virt, .mmio), Combination(.riscv64, .virt, .pci), Combination(.x86, .q35, .pci)]
  }

  /// On PCI: behind an MMIO transport QEMU's devices go on without being there.
  static var tornOutMachines: [Combination] {
    [Combination(.aarch64, .virt, .pci), Combination(.riscv64, .virt, .pci), Combination(.x86, .q35, .pci)]
  }

  /// Before a good GPU one whose device has no memory for any picture, and one whose screen has no pixels. The log goes to
  /// the screen that there is, and says what is wrong with the others.
  static func unusableScreens(_ combination: Combination) -> GuestTest {
    GuestTest(name: "broken screens \(combination.name)") { context in
      let folder = try context.folder("broken-screens-\(combination.name)")
      // In the order in which the kernel finds them: QEMU fills MMIO slots from the top.
      var cards = [",max_hostmem=65536", ",xres=0,yres=7", ",id=gpu0"]
      if combination.transport != .pci { cards.reverse() }
      let none = combination.transport == .pci ? "romfile=" : "max_outputs=1"
      var devices = GuestDevices()
      devices.own = []
      let session = try GuestSession(
        combination, kernel: context.package.kernel(combination.architecture).path, folder: folder, devices: devices,
        extraArguments: cards.flatMap { combination.device("virtio-gpu", none + $0) })
      devices.screens = 1
      let screens = GuestScreens(session.emulator, devices, folder: folder)
      var failures: [String] = []
      let complaint = "display 0 is enabled with 0x7, expected sides from 1 to 16384"
      let memory = "the device refused to create a resource: out of memory"
      for line in ["# display0: screen 0: \(memory)", "# display1: \(complaint)"] where !session.lines.contains(line) {
        failures.append("the log does not say '\(line)'")
      }
      let text = session.text
      if let difference = try screens.difference(from: .text(text, 1280, 800), screen: 0) {
        try screens.keepPicture(0, as: "wrong-text.png")
        failures.append("the log on the third screen: \(difference)")
      }
      let info = try session.perform("info display1").output
      if !info.contains("complaint:   \(complaint)") { failures.append("'info display1' says \(info)") }
      let draw = try session.perform("draw")
      if draw.error != "error: draw: display0, screen 0: \(memory)" { failures.append("'draw' says \(draw)") }
      let card = ExpectedPicture.card("display2, screen 0", 1280, 800)
      if let difference = try screens.difference(from: card, screen: 0) {
        try screens.keepPicture(0, as: "wrong-card.png")
        failures.append("the card on the third screen: \(difference)")
      }
      return try failures + session.finish(after: draw) + session.lines.filter { $0.hasPrefix("# memory: ") }
    }
  }

  /// A GPU that is gone while the guest draws on it, and a keyboard that is gone while somebody types: beside others.
  static func tornOut(_ combination: Combination) -> GuestTest {
    GuestTest(name: "torn out devices \(combination.name)") { context in
      let folder = try context.folder("torn-out-\(combination.name)")
      var devices = GuestDevices()
      devices.own = []
      devices.screens = 1
      devices.inputs = [.keyboard]
      let arguments =
        combination.device("virtio-gpu", "id=gpu1" + (combination.transport == .pci ? ",romfile=" : ""))
        + combination.device("virtio-keyboard", "id=keyboard1")
      let session = try GuestSession(
        combination, kernel: context.package.kernel(combination.architecture).path, folder: folder, devices: devices,
        extraArguments: arguments)
      let screens = GuestScreens(session.emulator, devices, folder: folder)
      var failures: [String] = []
      func expect(_ isTrue: Bool, _ what: String) { if !isTrue { failures.append(what) } }
      func expectPicture(_ picture: ExpectedPicture, _ name: String) throws {
        guard let difference = try screens.difference(from: picture, screen: 0) else { return }
        try screens.keepPicture(0, as: "wrong-\(name).png")
        failures.append("\(name): \(difference)")
      }
      let before = try session.perform("draw")
      expect(before.error == nil, "with all devices there, 'draw' says \(before)")
      try session.emulator.tearOut("gpu1")
      try session.emulator.tearOut("keyboard1")

      let drawn = try session.perform("draw bgra")
      // Where nothing is, a PC reads zeros here, the others ones.
      let isZero = combination.architecture == .x86
      let gone =
        isZero ? "no answer in time when asked to create a resource, device status 0" : "the device does not answer"
      expect(
        drawn.error?.hasPrefix("error: draw: display1, screen 0: \(gone)") == true,
        "without its device, 'draw' says \(drawn)")
      try expectPicture(.card("display0, screen 0", 1280, 800), "card")
      let dead = isZero ? "it is not live: device status is 0x0" : "nothing answers: the device status reads as ones"
      for (name, words) in [
        ("display1", dead), ("input1", dead), ("display0", "healthy:"), ("input0", "healthy:"),
      ] {
        let answer = try session.perform("explain \(name)").output
        expect(answer.contains { $0.hasPrefix("\(name): \(words)") }, "'explain \(name)' says \(answer)")
      }
      let text = session.text
      let mode = try session.perform("mode 640x480")
      expect(mode.error == nil, "'mode' says \(mode)")
      let since = String(session.text.dropFirst(text.count + "mode 640x480\n".count))
      try expectPicture(.text(since, 640, 480), "text")

      // The keys are the other keyboard's now.
      let count = session.results.count
      for key in ["h", "e", "l", "p", "ret"] { try session.emulator.send(.stroke([key])) }
      let help = try session.result(count)
      expect(help.error == nil && !help.output.isEmpty, "'help' by the keyboard says \(help)")
      failures += try session.finish(after: drawn)
      // What reads as ones may still be there and write: what it had is lost on purpose, and nothing else is.
      let memory = session.lines.last { $0.hasPrefix("# memory: ") } ?? ""
      let numbers = memory.split(separator: " ").compactMap { Int($0) }
      expect(
        isZero ? memory.isEmpty : numbers.count == 2 && numbers[0] == numbers[1],
        "the guest's account of its memory is '\(memory)'")
      return failures
    }
  }
}

extension GuestSession {
  /// Has the guest end, where one command was to fail: the kernel's status says that one did.
  fileprivate func finish(after failed: ShellResult) throws -> [String] {
    let expected = ["a shell command failed: \(failed.error ?? "")", "the kernel ended with status 2"]
    let failures = try finish()
    return failures == expected ? [] : failures + ["expected \(expected)"]
  }

  /// What the kernel has written up to now.
  fileprivate var text: String {
    let lines = lines
    return lines[(lines.firstIndex(where: GoldenLog.isKernelStart) ?? 0)...].joined(separator: "\n")
  }
}
