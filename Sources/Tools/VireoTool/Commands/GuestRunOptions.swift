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

  static let usage = """
    vireo guest run [--arch A] [--machine M] [--transport T] [--disk IMAGE[,IMAGE...]] [--writable] [--script FILE|-]
                    [--deadline SECONDS] [--no-devices] [--omit scratch|rng0|rng1] [--tftp FOLDER] [--words 'WORD...']
                    [--output FOLDER] [--strict] [--environment]
    """

  /// - Parameter environment: consulted only after `--environment`: `ARCH`, `MACHINE`, `TRANSPORT`, `DISK`,
  ///   `WRITABLE`, `SCRIPT` and `TFTP`, where an empty value counts as none.
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
    // riscv64's virt has eight slots; disks and cards were asked for.
    let places = devices.images.count + devices.own.count + devices.networkCards
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

    mutating func read(_ environment: [String: String]) throws(UsageError) {
      func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
      architecture = value("ARCH") ?? architecture
      machine = value("MACHINE") ?? machine
      transport = value("TRANSPORT") ?? transport
      disk = value("DISK") ?? disk
      script = value("SCRIPT") ?? script
      served = value("TFTP") ?? served
      switch value("WRITABLE") {
      case nil, "0": break
      case "1": isWritable = true
      case let other?: throw UsageError("WRITABLE is '\(other)'; expected 1, 0 or nothing")
      }
    }
  }
}
