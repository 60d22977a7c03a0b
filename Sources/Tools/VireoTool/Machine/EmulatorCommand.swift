// Every QEMU command line of this project.

import Foundation

/// What a guest is given.
package struct GuestDevices: Equatable, Sendable {
  /// Devices of the guest's own that can be left out, to show that their absence is noticed.
  package enum Own: String, CaseIterable, Sendable {
    case scratch
    case rng0
    case rng1
  }

  /// A file of the host's in the firmware configuration.
  struct FirmwareFile: Equatable, Sendable {
    let name: String
    let path: String
  }

  var images: [DiskImage] = []
  var own = Own.allCases
  /// A device that the kernel has no driver of the package for: a memory balloon, behind all others.
  var hasStranger = false
  /// The other end of a console.
  enum ConsoleEnd: Equatable, Sendable {
    /// A file that takes what is written.
    case file(URL)
    /// A connected socket that QEMU inherits, by its descriptor there.
    case socket(descriptor: Int)
  }

  /// Something to type or to point with.
  enum Input: String, Sendable {
    case keyboard
    case mouse
    case tablet
  }

  /// Input devices, behind all others but the stranger.
  var inputs: [Input] = []
  /// A virtio console for each of these, behind all others but screens, network cards and the stranger.
  var consoles: [ConsoleEnd] = []
  /// Screens of a virtio GPU, behind the consoles; none where devices are from before version 1.
  var screens = 0
  /// A ramfb, for machines that take one.
  var hasRAMScreen = false
  /// Network cards, each in a network of its own that leads nowhere else.
  var networkCards = 0
  /// A folder whose files the first card's network serves by TFTP.
  var served: URL?
  /// Files of the firmware configuration, by name; for machines that take some.
  var firmwareFiles: [FirmwareFile] = []
  /// Further options of the machine, such as `gic-version=3`.
  var machineOptions: [String] = []
  /// The processor's model, where it is not the usual one.
  var processor: String?
  /// Further properties of each of the devices, such as `vectors=0`.
  var properties: [String] = []

  /// What a tour goes round: the guest's own devices, and a keyboard.
  static var tour: GuestDevices {
    var devices = GuestDevices()
    devices.inputs = [.keyboard]
    return devices
  }
}

/// What the kernel does after its tour: the word after `vireo.shell=` on its command line.
package enum ShellMode: String, Sendable {
  case none
  /// No echo: for a person, whose terminal shows what is typed.
  case silent = "script"
  /// The kernel echoes what is typed: for a script, so that each command and each line of its output stand on a line of
  /// their own.
  case echoing = "interactive"
}

/// What a guest is booted for, other than its tour.
package enum Measurement: Sendable {
  /// One instruction takes one nanosecond of the guest's time, so that instructions can be counted.
  case counted
  /// The guest runs as fast as it can, and the host looks at the clock.
  case timed
}

/// Builds the arguments. Disks come first and the scratch disk last, each one slot above the one before: the kernel
/// looks at MMIO slots and PCI devices in ascending order, and names disks as it finds them.
package struct EmulatorCommand {
  /// How much memory every guest has.
  static let memoryMebibytes = 256

  let combination: Combination
  let kernelPath: String
  let scratchPath: String
  let devices: GuestDevices
  let shell: ShellMode
  var measurement: Measurement?
  /// Further words of the kernel's command line.
  var kernelWords: [String] = []

  // `maxcpus=2`: with room for one processor only, QEMU's translator leaves the guest's memory fences out, although the
  // devices run on another thread of the host. A fence missing there loses notifications now and then.
  //
  /// Without what every emulator is started with.
  package var arguments: [String] {
    ["-serial", "stdio", "-no-reboot"]
      + ["-accel", "tcg"] + machine + [
        "-m", "\(Self.memoryMebibytes)", "-smp", "1,maxcpus=2", "-kernel", kernelPath, "-append", words,
      ]
      + (measurement == .counted ? ["-icount", "shift=0"] : [])
      + transport + deviceArguments
  }

  private var words: String {
    "vireo.shell=\(shell.rawValue)" + (measurement == nil ? "" : " vireo.bench=1")
      + kernelWords.map { " " + $0 }.joined()
  }

  private var machine: [String] {
    switch (combination.architecture, combination.machine) {
    case (.aarch64, _):
      [
        "-M", "virt" + options, "-cpu", devices.processor ?? "cortex-a57", "-semihosting-config",
        "enable=on,target=native",
      ]
    case (.riscv64, _):
      ["-M", "virt" + options] + processor
    case (.x86, .microvm):
      ["-M", "microvm,isa-serial=on,pit=on" + options, "-device", "isa-debug-exit,iobase=0xf4,iosize=4"] + processor
    case (.x86, _):
      ["-M", "q35" + options, "-device", "isa-debug-exit,iobase=0xf4,iosize=4"] + processor
    }
  }

  private var options: String { devices.machineOptions.map { "," + $0 }.joined() }
  private var processor: [String] { devices.processor.map { ["-cpu", $0] } ?? [] }

  private var transport: [String] {
    combination.transport == .pci
      ? [] : ["-global", "virtio-mmio.force-legacy=\(combination.transport == .legacyMMIO)"]
  }

  private var deviceArguments: [String] {
    var result: [String] = []
    var slot = 0
    let further = devices.properties.map { "," + $0 }.joined()
    func add(_ device: String, _ properties: String) {
      result += [
        "-device",
        "\(device)-\(combination.transport == .pci ? "pci" : "device"),\(place(slot))\(properties)\(further)",
      ]
      slot += 1
    }
    for (index, image) in devices.images.enumerated() {
      result += blockNode(named: "disk\(index)", path: image.path, isReadOnly: !image.isWritable)
      add("virtio-blk", ",drive=disk\(index),serial=vireo-\(letter(index))")
    }
    if devices.own.contains(.scratch) {
      result += blockNode(named: "scratch", path: scratchPath, isReadOnly: false)
      add("virtio-blk", ",drive=scratch,serial=\(ScratchDisk.serial)")
    }
    for _ in devices.own.filter({ $0 != .scratch }) { add("virtio-rng", "") }
    for (index, end) in devices.consoles.enumerated() {
      switch end {
      case .file(let file): result += ["-chardev", "file,id=console\(index),path=\(doubled(file.path))"]
      case .socket(let descriptor): result += ["-chardev", "socket,id=console\(index),fd=\(descriptor)"]
      }
      add("virtio-serial", ",id=serial\(index)")
      result += ["-device", "virtconsole,bus=serial\(index).0,chardev=console\(index)"]
    }
    if devices.screens > 0 {
      // A card's own firmware would be for a BIOS.
      add("virtio-gpu", ",id=gpu0,max_outputs=\(devices.screens)" + (combination.transport == .pci ? ",romfile=" : ""))
    }
    if devices.hasRAMScreen { result += ["-device", "ramfb"] }
    for index in 0..<devices.networkCards {
      // QEMU's own network, which answers and never speaks first, and from which nothing gets out.
      let service = index == 0 ? devices.served.map { ",tftp=\(doubled($0.path))" } : nil
      result += ["-netdev", "user,id=net\(index),restrict=on,ipv6=off\(service ?? "")"]
      add("virtio-net", ",netdev=net\(index),mac=52:54:00:00:00:0\(index)")
    }
    for file in devices.firmwareFiles where combination.takesFirmwareFiles {
      result += ["-fw_cfg", "name=\(file.name),file=\(doubled(file.path))"]
    }
    for input in devices.inputs { add("virtio-\(input.rawValue)", "") }
    if devices.hasStranger { add("virtio-balloon", "") }
    return result
  }

  /// An explicit slot. QEMU left alone fills MMIO slots from the top and PCI from the bottom.
  private func place(_ slot: Int) -> String {
    switch (combination.transport, combination.machine) {
    // q35 keeps the transitional identity, the other two have the modern one: both are thereby run.
    case (.pci, .q35): "addr=\(slot + 1)"
    case (.pci, _): "addr=\(slot + 1),disable-legacy=on"
    // QEMU has the first slot of microvm pull at the third one's interrupt line.
    case (_, .microvm): "bus=virtio-mmio-bus.\(slot + 1)"
    default: "bus=virtio-mmio-bus.\(slot)"
    }
  }

  private func letter(_ index: Int) -> Character { Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(index))) }

  /// A path as options take it.
  private func doubled(_ path: String) -> String {
    path.split(separator: ",", omittingEmptySubsequences: false).joined(separator: ",,")
  }

  /// A file by name and nothing else: no protocol prefix, and a comma in a folder's name doubled.
  private func blockNode(named name: String, path: String, isReadOnly: Bool) -> [String] {
    return [
      "-blockdev",
      "driver=raw,node-name=\(name),read-only=\(isReadOnly ? "on" : "off"),file.driver=file,file.filename=\(doubled(path))",
    ]
  }
}
