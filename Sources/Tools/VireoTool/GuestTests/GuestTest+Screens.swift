// Pictures of guests' screens, pixel by pixel.

import Drawing
import Foundation

extension GuestTest {
  // QEMU's riscv64 virt makes its firmware configuration too late for a ramfb.
  private static let withRAMScreen = [Combination(.aarch64, .virt, .mmio), Combination(.x86, .q35, .pci)]

  /// All of them.
  static var displays: [GuestTest] {
    let some = [Combination(.aarch64, .virt, .mmio), Combination(.riscv64, .virt, .pci), Combination(.x86, .q35, .pci)]
    return Combination.all.filter(\.takesScreens).map(screens) + withRAMScreen.map(ramScreen) + [hiddenCard]
      + some.map(refusedModes) + some.map(exceptionOnScreen)
  }

  /// The tour's test cards, the log as on the serial line, `draw` in each format and in odd sizes, `mode`: on both screens
  /// of a GPU.
  private static func screens(_ combination: Combination) -> GuestTest {
    GuestTest(name: "screens \(combination.name)") { context in
      var devices = GuestDevices()
      devices.screens = 2
      let formats = PixelFormat.allCases.map { "draw \($0.name)" }
      let script =
        ["draw"] + formats + ["mode 1023x767", "draw rgba", "mode 641x479", "draw bgrx", "mode 640x480", "help"]
      var watch = ScreenWatch((1280, 800))
      let second = ExpectedPicture.card("display0, screen 1", 1024, 768)
      let outcome = try context.boot(
        combination, in: context.folder("screens-\(combination.name)"), devices: devices, script: script
      ) { prompt, text, screens in
        var failures = try watch.look(at: screens, after: prompt == 0 ? nil : script[prompt - 1], text)
        if let difference = try screens.difference(from: second, screen: 1) {
          try screens.keepPicture(1, as: "wrong-\(prompt)-1.png")
          failures.append("prompt \(prompt), second screen: \(difference)")
        }
        return failures
      }
      let expected = script.count + 1
      return outcome.failures
        + (watch.pictures == expected ? [] : ["\(watch.pictures) pictures were looked at, expected \(expected)"])
    }
  }

  /// The card and the log on ramfb.
  private static func ramScreen(_ combination: Combination) -> GuestTest {
    GuestTest(name: "screens ramfb \(combination.name)") { context in
      var devices = GuestDevices()
      devices.hasRAMScreen = true
      let script = ["draw", "draw bgrx", "mode 801x601", "draw bgra", "mode 640x480", "devices"]
      var watch = ScreenWatch((1024, 768))
      let outcome = try context.boot(
        combination, in: context.folder("ramfb-\(combination.name)"), devices: devices, script: script
      ) { prompt, text, screens in
        try watch.look(at: screens, after: prompt == 0 ? nil : script[prompt - 1], text)
      }
      let expected = script.count + 1
      return outcome.failures
        + (watch.pictures == expected ? [] : ["\(watch.pictures) pictures were looked at, expected \(expected)"])
    }
  }

  /// Holds the comparison to account: a card that was drawn and not presented is not on the screen, and a card with
  /// another name is another picture.
  private static var hiddenCard: GuestTest {
    GuestTest(name: "screens notice a card that is not shown") { context in
      var devices = GuestDevices()
      devices.screens = 1
      let card = ExpectedPicture.card("display0, screen 0", 1280, 800)
      let other = ExpectedPicture.card("display0, screen 1", 1280, 800)
      var failures: [String] = []
      for (words, isShown) in [(["vireo.present=0"], false), ([], true)] {
        var isSeen: Bool?
        let outcome = try context.boot(
          Combination(.aarch64, .virt, .mmio), in: context.folder("hidden-card-\(isShown)"), devices: devices,
          script: ["draw"], kernelWords: words
        ) { prompt, _, screens in
          if prompt == 0 { return [] }
          isSeen = try screens.difference(from: card, screen: 0, patience: isShown ? .seconds(10) : .seconds(1)) == nil
          return other.isShown(by: try screens.picture(0)) ? ["a card with another name looks the same"] : []
        }
        failures += outcome.failures
        if isSeen != isShown { failures.append("the card \(isShown ? "is not" : "is") seen with \(words)") }
      }
      return failures
    }
  }

  /// Modes that cannot be: the screen keeps what it shows, and goes on showing text.
  private static func refusedModes(_ combination: Combination) -> GuestTest {
    GuestTest(name: "screens refused modes \(combination.name)") { context in
      var devices = GuestDevices()
      devices.screens = 1
      let sizes = ["0x0", "16385x16", "9223372036854775807x2", "16384x16384", "1280", "-1x5", "8000x8000"]
      let script = sizes.map { "mode \($0)" } + ["draw cmyk"]
      var watch = ScreenWatch((1280, 800))
      let outcome = try context.boot(
        combination, in: context.folder("refused-modes-\(combination.name)"), devices: devices, script: script
      ) { prompt, text, screens in
        try watch.look(at: screens, after: nil, text)
      }
      let results = ShellTranscript.results(in: outcome.lines)
      var failures: [String] = []
      for (line, result) in zip(script, results) where result.error == nil { failures.append("'\(line)' was taken") }
      if results.count != script.count + 1 { failures.append("only \(results.count) commands were answered") }
      failures += outcome.lines.filter { $0.hasPrefix("not ok ") || $0.contains("were not given back") }
      return failures
        + (watch.findings + (watch.pictures == script.count + 1 ? [] : ["\(watch.pictures) pictures were looked at"]))
    }
  }

  /// An exception's report reaches the screen.
  private static func exceptionOnScreen(_ combination: Combination) -> GuestTest {
    GuestTest(name: "screens exception \(combination.name)") { context in
      var failures: [String] = []
      for hasRAMScreen in withRAMScreen.contains(combination) ? [false, true] : [false] {
        var devices = GuestDevices()
        devices.screens = hasRAMScreen ? 0 : 1
        devices.hasRAMScreen = hasRAMScreen
        let size = hasRAMScreen ? (1024, 768) : (1280, 800)
        let name = hasRAMScreen ? "ramfb" : "gpu"
        var difference: String? = "nobody looked"
        let outcome = try context.boot(
          combination, in: context.folder("screens-exception-\(name)-\(combination.name)"), devices: devices,
          script: ["fault overflow"],
          whenHeld: { text, screens in
            difference = try screens.difference(from: .text(text, size.0, size.1), screen: 0)
            if difference != nil { try screens.keepPicture(0, as: "wrong.png") }
          })
        if !outcome.lines.contains(where: { $0.hasPrefix("# exception: ") && $0.contains("pc 0x") }) {
          failures.append("\(name): the serial line has no report of the exception")
        }
        if let difference { failures.append("\(name): \(difference)") }
      }
      return failures
    }
  }
}

/// Follows the first screen of a guest from prompt to prompt: text until a card is drawn, and from `mode` on.
private struct ScreenWatch {
  private var width: Int
  private var height: Int
  /// Text from before the mode of now.
  private var textBefore = 0
  private var lastText = ""
  private(set) var pictures = 0
  private(set) var findings: [String] = []

  init(_ size: (Int, Int)) { (width, height) = size }

  /// - Parameters:
  ///   - command: what was typed at the prompt before; nil at the first one.
  ///   - text: all that the kernel wrote on the serial line.
  /// - Returns: what was wrong.
  mutating func look(at screens: GuestScreens, after command: String?, _ text: String) throws -> [String] {
    let words = (command ?? "").split(separator: " ")
    let expected: ExpectedPicture
    switch words.first {
    case "draw": expected = .card("display0, screen 0", width, height)
    case "mode":
      let sides = words[1].split(separator: "x").compactMap { Int($0) }
      (width, height) = (sides[0], sides[1])
      // What `mode` answers is the first that is written in the new mode.
      textBefore = lastText.utf8.count + (command ?? "").utf8.count + 1
      fallthrough
    default: expected = .text(String(decoding: text.utf8.dropFirst(textBefore), as: UTF8.self), width, height)
    }
    lastText = text
    pictures += 1
    guard let difference = try screens.difference(from: expected, screen: 0) else { return [] }
    try screens.keepPicture(0, as: "wrong-\(pictures - 1).png")
    let finding = "after '\(command ?? "the tour")': \(difference)"
    findings.append(finding)
    return [finding]
  }
}
