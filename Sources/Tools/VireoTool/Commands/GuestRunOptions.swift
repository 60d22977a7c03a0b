// The command line of `vireo guest run`.

import Foundation

/// What was asked for, each part checked.
package struct GuestRunOptions: Equatable, Sendable {
  package var combination: Combination
  package var devices: GuestDevices
  /// A file, or `-` for standard input.
  package var script: String?
  package var deadlineSeconds: Int?
  /// Further words of the kernel's command line, such as `vireo.stress=1000`.
  package var kernelWords: [String]
  /// A folder other than `.build/vireo/<combination>`.
  package var output: String?
  package var isStrict: Bool
  /// Where the screens are shown.
  package var window: ScreenWindow

  static let usage = """
    vireo guest run [--arch A] [--machine M] [--transport T] [--disk IMAGE[,IMAGE...]] [--writable] [--script FILE|-]
                    [--deadline SECONDS] [--no-devices] [--omit scratch|rng0|rng1] [--tftp FOLDER] [--words 'WORD...']
                    [--screens 0...16] [--display vnc|window|none] [--output FOLDER] [--strict] [--environment]
    """

  /// - Parameter environment: consulted only after `--environment`: `ARCH`, `MACHINE`, `TRANSPORT`, `DISK`,
  ///   `WRITABLE`, `SCRIPT`, `TFTP` and `DISPLAY_MODE`, where an empty value counts as none; without `DISPLAY_MODE`,
  ///   `DISPLAY` and `WAYLAND_DISPLAY` say whether there is a desktop for a window. These two are always consulted where
  ///   a window is asked for.
  package init(_ arguments: [String], environment: [String: String]) throws(UsageError) {
    var rest = Arguments(arguments, usage: GuestRunOptions.usage)
    var values = Words()
    while let option = rest.next() {
      switch option {
      case "--environment": try values.read(environment)
      case "--arch": values.architecture = try rest.value(of: option)
      case "--machine": values.machine = try rest.value(of: option)
      case "--transport": values.transport = try rest.value(of: option)
      case "--disk": values.disk = try rest.value(of: option)
      case "--writable": values.isWritable = true
      case "--script": values.script = try rest.value(of: option)
      case "--deadline": values.deadline = try rest.positiveNumber(of: option)
      case "--no-devices": values.own = []
      case "--omit":
        let name = try rest.value(of: option)
        guard let device = GuestDevices.Own(rawValue: name) else {
          throw UsageError("--omit '\(name)': expected one of scratch, rng0, rng1")
        }
        values.own.removeAll { $0 == device }
      case "--tftp": values.served = try rest.value(of: option)
      case "--words": values.kernelWords += try rest.value(of: option).split(separator: " ").map(String.init)
      case "--screens":
        let word = try rest.value(of: option)
        guard let count = Int(word), 0...16 ~= count else {
          throw UsageError("--screens '\(word)': expected a number from 0 to 16")
        }
        values.screens = count
      case "--display": try values.show(try rest.value(of: option))
      case "--output": values.output = try rest.value(of: option)
      case "--strict": values.isStrict = true
      default: throw rest.unknown(option)
      }
    }
    combination = try Combination(
      architecture: values.architecture, machine: values.machine, transport: values.transport)
    devices = GuestDevices()
    devices.own = values.own
    if let list = values.disk { devices.images = try DiskImage.parse(list, writable: values.isWritable) }
    script = values.script
    deadlineSeconds = values.deadline
    kernelWords = values.kernelWords
    if let folder = values.served {
      devices.served = try Self.folder(folder)
      devices.networkCards = 1
      kernelWords.append("vireo.net=1")
    }
    devices.screens = values.own.isEmpty || !combination.takesScreens ? 0 : values.screens
    window = devices.screens > 0 ? values.window : .none
    if window == .window, !ScreenWindow.hasDesktop(environment) {
      throw UsageError(
        "a window needs a desktop, and neither DISPLAY nor WAYLAND_DISPLAY names one; expected vnc or none")
    }
    // riscv64's virt has eight slots; disks, cards and screens were asked for.
    let places =
      devices.images.count + devices.own.count + devices.networkCards + (devices.screens > 0 ? 1 : 0)
    let isFull = combination.architecture == .riscv64 && combination.transport != .pci && places >= 8
    devices.inputs = values.own.isEmpty || isFull ? [] : [.keyboard]
    output = values.output
    isStrict = values.isStrict
  }

  private static func folder(_ path: String) throws(UsageError) -> URL {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    guard attributes?[.type] as? FileAttributeType == .typeDirectory else {
      throw UsageError("TFTP names '\(path)'; expected a folder")
    }
    return url
  }

  private struct Words {
    var architecture: String?
    var machine: String?
    var transport: String?
    var disk: String?
    var isWritable = false
    var script: String?
    var deadline: Int?
    var served: String?
    var own = GuestDevices.Own.allCases
    var kernelWords: [String] = []
    var output: String?
    var isStrict = false
    var screens = 1
    var window = ScreenWindow.none

    mutating func show(_ word: String) throws(UsageError) {
      guard let window = ScreenWindow(rawValue: word) else {
        throw UsageError("a screen is shown by '\(word)'; expected vnc, window or none")
      }
      self.window = window
    }

    mutating func read(_ environment: [String: String]) throws(UsageError) {
      func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
      architecture = value("ARCH") ?? architecture
      machine = value("MACHINE") ?? machine
      transport = value("TRANSPORT") ?? transport
      disk = value("DISK") ?? disk
      script = value("SCRIPT") ?? script
      served = value("TFTP") ?? served
      try show(value("DISPLAY_MODE") ?? (ScreenWindow.hasDesktop(environment) ? "window" : "none"))
      switch value("WRITABLE") {
      case nil, "0": break
      case "1": isWritable = true
      case let other?: throw UsageError("WRITABLE is '\(other)'; expected 1, 0 or nothing")
      }
    }
  }
}
