public import DevicePlatform
public import VirtualMachine

/// An emulated machine whose devices are driven from here: its processor is halted, its RAM is shared, its registers
/// are reached over QEMU's qtest socket. Drivers run unchanged against QEMU's device models.
///
/// Everything is inherited by descriptor: no socket, no RAM file and no firmware file has a path.
public final class QTestMachine: Sendable {
  /// What to start.
  public struct Configuration: Sendable {
    /// The machine.
    public var kind: MachineKind
    /// More of the emulator's arguments: `-device`, `-drive`, `-global`, ...
    public var arguments: [String]
    /// Files that the emulator inherits; file `i` is named `QTestMachine.path(ofFile: i)` in the arguments.
    public var files: [any InheritedFile]
    /// RAM in bytes: a multiple of 1 MiB, at least 8. Drivers get all but the two MiB at either end.
    public var memoryByteCount = 64 << 20
    /// True for MMIO slots of version 1 (legacy), the drafts before version 1 of the spec.
    public var isLegacyMMIO = false
    /// The emulator's program, in place of the machine's own.
    public var program: String?
    /// How many milliseconds the emulator may take to start.
    public var startTimeout = 30_000
    /// How many milliseconds it may take to answer a command.
    public var replyTimeout = 20_000

    /// A machine with devices.
    public init(_ kind: MachineKind, arguments: [String] = [], files: [any InheritedFile] = []) {
      self.kind = kind
      self.arguments = arguments
      self.files = files
    }
  }

  /// What kind of machine this is.
  public let kind: MachineKind
  /// The qtest channel.
  public let connection: QTestConnection
  /// The emulator.
  public let emulator: Emulator
  /// Its RAM.
  public let guestMemory: GuestMemory
  /// DMA memory for drivers.
  public let memory: QTestMemory

  /// The qtest socket, RAM and firmware come before the configuration's files.
  private static let ownFiles = 3

  /// How the emulator's arguments name a file of the configuration.
  public static func path(ofFile index: Int) -> String { Emulator.path(ofFile: ownFiles + index) }

  /// The number by which the emulator knows a file of the configuration, for arguments that take descriptors.
  public static func descriptor(ofFile index: Int) -> String {
    String(path(ofFile: index).split(separator: "/").last ?? "")
  }

  /// Starts the emulator and waits until it answers on both channels.
  public init(_ configuration: Configuration) throws(QTestError) {
    precondition(
      configuration.memoryByteCount >= 8 << 20 && configuration.memoryByteCount % (1 << 20) == 0, "at least 8 whole MiB"
    )
    kind = configuration.kind
    guestMemory = try GuestMemory(base: kind.memoryBase, byteCount: configuration.memoryByteCount)
    let firmware = try MemoryFile(contents: kind.firmware)
    let qtest = try SocketEnd.pair()
    // The emulator has its own after the start; with ours closed, its end is seen as the end of the stream.
    defer { qtest.theirs.close() }
    let files: [any InheritedFile] = [qtest.theirs, guestMemory.file, firmware]
    var start = Emulator.Configuration(
      configuration.program ?? kind.program, Self.arguments(configuration), files: files + configuration.files)
    start.startTimeout = configuration.startTimeout
    start.replyTimeout = configuration.replyTimeout
    emulator = try Emulator(start)
    memory = QTestMemory(
      provider: QTestMemoryProvider(memory: guestMemory, reservedByteCount: MachineKind.reservedByteCount))
    connection = QTestConnection(qtest.ours, process: emulator.process)
    connection.timeout = configuration.startTimeout
    let order = try connection.execute("endianness")
    guard order == "little" else { throw .malformed(what: "byte order, expected \"little\"", found: order) }
    connection.timeout = configuration.replyTimeout
  }

  deinit { stop() }

  /// The emulator's monitor.
  public var monitor: QMPConnection { emulator.monitor }

  /// The emulator's process.
  public var process: ChildProcess { emulator.process }

  /// What the emulator has written to standard error so far: empty when no device model complained.
  public var standardError: String { process.standardError }

  /// The first thing that went wrong on either channel.
  public var failure: QTestError? { connection.failure ?? monitor.failure }

  /// Ends the emulator: asks it, then tells it, then makes it. Afterwards every call fails at once.
  @discardableResult
  public func stop() -> QTestError.ExitStatus? { emulator.stop() }

  static func arguments(_ configuration: Configuration) -> [String] {
    let kind = configuration.kind
    let size = "\(configuration.memoryByteCount >> 20)M"
    // Distributions build QEMU without the qtest accelerator; a halted processor is as good.
    var arguments = ["-M", "\(kind.machineArgument),memory-backend=ram0", "-accel", "tcg"] + kind.processorArguments
    arguments += [
      "-m", size, "-object",
      "memory-backend-file,id=ram0,size=\(size),mem-path=\(Emulator.path(ofFile: 1)),share=on",
    ]
    arguments += ["-bios", Emulator.path(ofFile: 2)]
    arguments += [
      "-chardev", "socket,id=qtest-socket,fd=\(Emulator.descriptor(ofFile: 0))",
      "-object", "qtest,id=qtest0,chardev=qtest-socket,log=none",
    ]
    if !configuration.isLegacyMMIO { arguments += ["-global", "virtio-mmio.force-legacy=false"] }
    return arguments + configuration.arguments
  }
}
