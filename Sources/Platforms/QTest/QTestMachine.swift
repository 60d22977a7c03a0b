public import DevicePlatform
import CQTest
import Glibc
import Synchronization

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
    public var files: [MemoryFile]
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
    public init(_ kind: MachineKind, arguments: [String] = [], files: [MemoryFile] = []) {
      self.kind = kind
      self.arguments = arguments
      self.files = files
    }
  }

  /// What kind of machine this is.
  public let kind: MachineKind
  /// The qtest channel.
  public let connection: QTestConnection
  /// The monitor.
  public let monitor: QMPConnection
  /// The emulator.
  public let process: EmulatorProcess
  /// Its RAM.
  public let guestMemory: GuestMemory
  /// DMA memory for drivers.
  public let memory: QTestMemory

  private static let firstFile = 7

  /// How the emulator's arguments name a file of the configuration.
  public static func path(ofFile index: Int) -> String { "/proc/self/fd/\(firstFile + index)" }

  /// Starts the emulator and waits until it answers on both channels.
  public init(_ configuration: Configuration) throws(QTestError) {
    precondition(
      configuration.memoryByteCount >= 8 << 20 && configuration.memoryByteCount % (1 << 20) == 0, "at least 8 whole MiB"
    )
    kind = configuration.kind
    guestMemory = try GuestMemory(base: kind.memoryBase, byteCount: configuration.memoryByteCount)
    let firmware = try MemoryFile(contents: kind.firmware)
    let qtest = try Self.socketPair()
    let qmp: (ours: Int32, theirs: Int32)
    do throws(QTestError) { qmp = try Self.socketPair() } catch {
      close(qtest.ours)
      close(qtest.theirs)
      throw error
    }
    let started: Result<EmulatorProcess, QTestError>
    do throws(QTestError) {
      let descriptors =
        [qtest.theirs, qmp.theirs, guestMemory.file.descriptor, firmware.descriptor]
        + configuration.files.map(\.descriptor)
      // The descriptors stay open until the emulator has its own.
      defer { withExtendedLifetime((firmware, configuration.files)) {} }
      started = .success(
        try EmulatorProcess(
          program: configuration.program ?? kind.program, arguments: Self.arguments(configuration),
          descriptors: descriptors))
    } catch {
      started = .failure(error)
    }
    // The emulator has its own now; with ours closed, its end is seen as the end of the stream.
    close(qtest.theirs)
    close(qmp.theirs)
    let emulator: EmulatorProcess
    do throws(QTestError) { emulator = try started.get() } catch {
      close(qtest.ours)
      close(qmp.ours)
      throw error
    }
    process = emulator
    memory = QTestMemory(
      provider: QTestMemoryProvider(memory: guestMemory, reservedByteCount: MachineKind.reservedByteCount))
    connection = QTestConnection(descriptor: qtest.ours, process: emulator)
    monitor = try QMPConnection(descriptor: qmp.ours, process: emulator, timeout: configuration.startTimeout)
    connection.timeout = configuration.startTimeout
    let order = try connection.execute("endianness")
    guard order == "little" else { throw .malformed(what: "byte order, expected \"little\"", found: order) }
    connection.timeout = configuration.replyTimeout
    monitor.timeout = configuration.replyTimeout
  }

  deinit { stop() }

  /// What the emulator has written to standard error so far: empty when no device model complained.
  public var standardError: String { process.standardError }

  /// The first thing that went wrong on either channel.
  public var failure: QTestError? { connection.failure ?? monitor.failure }

  /// Ends the emulator: asks it, then tells it, then makes it. Afterwards every call fails at once.
  @discardableResult
  public func stop() -> QTestError.ExitStatus? {
    func ended(within seconds: UInt32) -> QTestError.ExitStatus? {
      process.waitForEnd(until: HostClock().now + .seconds(seconds))
    }
    if let status = process.status { return status }
    monitor.timeout = 2_000
    if (try? monitor.execute("quit")) != nil, let status = ended(within: 5) { return status }
    process.signal(SIGTERM)
    if let status = ended(within: 2) { return status }
    process.signal(SIGKILL)
    return ended(within: 5)
  }

  private static func socketPair() throws(QTestError) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    // Room for the two that the call writes.
    let result = unsafe ends.withUnsafeMutableBufferPointer { unsafe cqtest_socket_pair($0.baseAddress) }
    guard result == 0 else { throw .system(doing: "making a socket pair", errno: -result) }
    return (ends[0], ends[1])
  }

  static func arguments(_ configuration: Configuration) -> [String] {
    let kind = configuration.kind
    let size = "\(configuration.memoryByteCount >> 20)M"
    var arguments = ["-nodefaults", "-no-user-config", "-display", "none"]
    // Distributions build QEMU without the qtest accelerator; a halted processor is as good.
    arguments += ["-M", "\(kind.machineArgument),memory-backend=ram0", "-accel", "tcg"] + kind.processorArguments
    arguments += ["-m", size, "-object", "memory-backend-file,id=ram0,size=\(size),mem-path=/proc/self/fd/5,share=on"]
    arguments += ["-bios", "/proc/self/fd/6"]
    arguments += [
      "-chardev", "socket,id=qtest-socket,fd=3", "-object", "qtest,id=qtest0,chardev=qtest-socket,log=none",
    ]
    arguments += ["-chardev", "socket,id=qmp-socket,fd=4", "-mon", "chardev=qmp-socket,mode=control"]
    if !configuration.isLegacyMMIO { arguments += ["-global", "virtio-mmio.force-legacy=false"] }
    return arguments + configuration.arguments
  }
}
