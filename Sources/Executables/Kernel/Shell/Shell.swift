#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import InputEvents
  import VirtIO
  import VirtIOBlock
  import VirtIOEntropy

  /// Why a command did not do what it was asked, in one line.
  struct CommandError: Error {
    let words: String
    init(_ words: String) { self.words = words }
  }

  /// The kernel's shell. Each command ends with `ok` or `error: ...`.
  final class Shell {
    let table: DeviceTable
    let memory: KernelMemory
    /// What is done while nobody types.
    let idle: IdleTime
    let screens: Screens
    private let echoes: Bool
    /// How many commands failed so far.
    private(set) var failures = 0
    /// The interface that was chosen, or used first.
    var network: KernelNetwork?

    /// A shell on the terminal.
    init(table: DeviceTable, memory: KernelMemory, screens: Screens, echoes: Bool) {
      self.table = table
      self.screens = screens
      self.memory = memory
      idle = IdleTime(table)
      self.echoes = echoes
    }

    /// Takes commands until `halt`.
    func run() {
      var reader = LineReader(echoes: echoes) { [idle] in idle.pause() }
      while true {
        terminal.write("vireo> ")
        do throws(CommandError) {
          switch reader.next() {
          case .tooLong(let byteCount):
            throw CommandError("line of \(byteCount) bytes, expected at most \(LineReader.limit)")
          case .text(let line):
            let words = line.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
            guard let command = words.first else { continue }
            try perform(command, Array(words.dropFirst()))
            say("ok")
            if command == "halt" { return }
          }
        } catch {
          failures += 1
          say("error: \(error.words)")
        }
      }
    }

    private func perform(_ command: String, _ words: [String]) throws(CommandError) {
      let arguments = CommandArguments(command, words)
      switch command {
      case "help": try help(arguments)
      case "devices": try listDevices(arguments)
      case "info": try describe(arguments)
      case "read": try read(arguments)
      case "write": try write(arguments)
      case "queue": try queue(arguments)
      case "explain": try explain(arguments)
      case "random": try random(arguments)
      case "pool": try pool(arguments)
      case "print": try print(arguments)
      case "net": try net(arguments)
      case "dhcp": try dhcp(arguments)
      case "ping": try ping(arguments)
      case "tftp": try tftp(arguments)
      case "firmware": try firmware(arguments)
      case "tables": try tables(arguments)
      case "led": try led(arguments)
      case "events": try events(arguments)
      case "draw": try draw(arguments)
      case "mode": try mode(arguments)
      case "fault": try fault(arguments)
      case "halt": try arguments.expect("halt", 0...0)
      default: throw CommandError("unknown command '\(command)', expected one that 'help' lists")
      }
    }

    private func help(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("help", 0...0)
      say("help                      this list")
      say("devices                   all devices: name, type, place")
      say("info NAME                 all that is known about a device")
      say("queue NAME N              all that is known about one of its queues")
      say("explain NAME              why it is silent, or that it is not")
      say("read NAME SECTOR [COUNT]  sectors of 512 bytes of a disk, in hexadecimal")
      say(
        "write NAME SECTOR HEX     writes bytes over the start of a sector, and over the next sectors if there are more"
      )
      say("                          than 512; what follows them in the last block stays as it is; then flushes")
      say("random N                  N random bytes of the first entropy source, in hexadecimal")
      say("pool N                    N random bytes of the pool that all entropy sources feed")
      say("net NAME                  a network card, which the next three use from then on; the first one without it")
      say("dhcp [renew]              an address for it, or more time with the one that it has")
      say("ping ADDRESS              three echoes")
      say("tftp FILE                 a file from whoever gave the address: size and crc32")
      say("print NAME WORD...        writes the words to a console, as a line")
      say(
        "firmware [FILE]           the firmware configuration's files, or one of them: size and crc32, by every method")
      say("tables                    ACPI tables and SMBIOS structures of the firmware configuration")
      say("led [NAME] LIGHT on|off   a keyboard's light: caps, num or scroll; of the first that has it")
      say("events [N|Ns]             what input devices tell: N lines of it, or for N seconds; 10 s without")
      say("draw [FORMAT]             a test card on every screen, in place of the text; FORMAT such as bgrx")
      say("mode WIDTHxHEIGHT         another size of the first screen, with text on it")
      say("fault NAME                takes an exception: \(ProvokedException.names)")
      say("halt                      ends the machine; its status says whether a check or a command failed")
    }

    private func listDevices(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("devices", 0...0)
      for disk in table.disks {
        say(
          "\(disk.name) block, \(disk.location), \(disk.isLegacy ? "legacy" : "modern"), \(disk.geometry.sectorCount) "
            + "sectors\(disk.geometry.isReadOnly ? ", read-only" : "")")
      }
      for source in table.sources {
        say("\(source.name) entropy, \(source.location), \(source.isLegacy ? "legacy" : "modern")")
      }
      for entry in table.manager.entries where table.device(entry.name) == nil { say(Self.words(of: entry)) }
      for location in table.manager.undriven { say("no driver, \(location)") }
    }

    /// A device that is neither a disk nor a source, or is not driven.
    private static func words(of entry: DeviceEntry) -> String {
      var text = entry.name
      if let device = entry.identification {
        text += " \(device.type.name)"
      } else if let role = entry.role {
        text += " \(role.name)"
      }
      text += ", \(entry.location)"
      if let device = entry.identification { text += device.isLegacy ? ", legacy" : ", modern" }
      if case .input(let device)? = entry.role { text += ", \(device.description.kind.name)" }
      if case .driven = entry.state { return text }
      return text + ", \(entry.state.words)"
    }

    private func random(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("random N", 1...1)
      let count = try arguments.number(0, "N", 1...65_536)
      guard let source = table.sources.first else { throw CommandError("no entropy source, expected at least one") }
      do throws(EntropyError) {
        var line: [UInt8] = []
        for byte in try source.bytes(Int(count)) {
          line.append(digit(UInt64(byte) >> 4))
          line.append(digit(UInt64(byte)))
        }
        say(String(decoding: line, as: UTF8.self))
      } catch {
        throw CommandError("\(source.name): \(error.words)")
      }
    }

    private func fault(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("fault NAME", 1...1)
      guard let exception = ProvokedException.allCases.first(where: { $0.name == arguments[0] }) else {
        throw CommandError("fault '\(arguments[0])', expected one of \(ProvokedException.names)")
      }
      exception.provoke()
      throw CommandError("fault '\(exception.name)' was not noticed by the machine")
    }
  }
#endif
