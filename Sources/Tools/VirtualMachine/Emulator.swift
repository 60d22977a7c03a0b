import Foundation
import Glibc

/// A running QEMU: its monitor, its serial line, its screens and its inputs. It leaves nothing behind, however this
/// process ends.
///
///     let disk = try MemoryFile(byteCount: 1 << 20)
///     let machine = try Emulator(
///       .init("qemu-system-x86_64", [
///         "-M", "q35", "-accel", "tcg", "-serial", "stdio", "-kernel", kernel, "-device", "virtio-gpu-pci,id=gpu0",
///         "-drive", "file=\(Emulator.path(ofFile: 0)),if=none,id=d0,format=raw", "-device", "virtio-blk-pci,drive=d0",
///       ], files: [disk]))
///     try machine.serial.waitForLine(within: .seconds(10)) { $0.contains("ready") }
///     try machine.send(.key("a"))
///     let screen = try machine.screenshot()
///     machine.stop()
///
/// Files, sockets and RAM are inherited by descriptor: nothing here has a path. The last reference ends QEMU.
public final class Emulator: Sendable {
  /// What to start.
  public struct Configuration: Sendable {
    /// The program: a name to be searched in PATH, or a path.
    public var program: String
    /// All arguments but the monitor's and those that are always there (`fixedArguments`). With `-serial stdio` the
    /// serial line is `serial`.
    public var arguments: [String]
    /// What QEMU inherits; the arguments name the `i`-th `Emulator.path(ofFile: i)` or `Emulator.descriptor(ofFile: i)`.
    public var files: [any InheritedFile]
    /// True for a machine that does not run before `resume`.
    public var isPaused = false
    /// How many milliseconds QEMU may take to start.
    public var startTimeout = 30_000
    /// How many milliseconds it may take to answer a command.
    public var replyTimeout = 20_000

    /// A program and its arguments.
    public init(_ program: String, _ arguments: [String], files: [any InheritedFile] = []) {
      self.program = program
      self.arguments = arguments
      self.files = files
    }
  }

  /// The monitor.
  public let monitor: QMPConnection
  /// The process.
  public let process: ChildProcess
  /// The serial line, if the arguments have `-serial stdio`.
  public let serial: SerialConsole
  /// Where screenshots are written to, and who writes at present.
  let screen: Screen

  /// The monitor's socket and the screenshots' file come before the configuration's files.
  private static let ownFiles = 2

  /// How the arguments name a file of the configuration where a path is expected.
  public static func path(ofFile index: Int) -> String { ChildProcess.Command.path(ofFile: index + ownFiles) }

  /// How the arguments name a file of the configuration where a descriptor is expected.
  public static func descriptor(ofFile index: Int) -> Int { ChildProcess.Command.descriptor(ofFile: index + ownFiles) }

  /// What every machine is started with: nothing that was not asked for.
  public static let fixedArguments = ["-nodefaults", "-no-user-config", "-display", "none"]

  /// Starts QEMU and waits until its monitor answers; then the machine runs.
  ///
  /// - Throws: `programMissing`; `ended` with what QEMU said when it does not like its arguments.
  public init(_ configuration: Configuration) throws(VirtualMachineError) {
    screen = try Screen()
    let (ours, theirs) = try SocketEnd.pair()
    // Paused until the monitor has answered: a guest that ends at once is no emulator that did not start.
    var arguments = Self.fixedArguments + ["-S"]
    arguments += ["-chardev", "socket,id=vm-monitor,fd=\(ChildProcess.Command.descriptor(ofFile: 0))"]
    arguments += ["-mon", "chardev=vm-monitor,mode=control"]
    process = try ChildProcess(
      .init(
        configuration.program, arguments + configuration.arguments,
        files: [theirs, screen.file] + configuration.files, hasInput: true, output: .taken))
    // QEMU has its own now; with ours closed, its end is seen as the end of the stream.
    theirs.close()
    serial = SerialConsole(process)
    monitor = try QMPConnection(ours, process: process, timeout: configuration.startTimeout)
    if !configuration.isPaused { try monitor.execute("cont") }
    monitor.timeout = configuration.replyTimeout
  }

  deinit { stop() }

  /// What QEMU has written to standard error so far: empty when no device model complained.
  public var standardError: String { process.standardError }

  /// Ends QEMU: asks it, then tells it, then makes it. Afterwards every call fails at once.
  @discardableResult
  public func stop() -> VirtualMachineError.ExitStatus? { process.stop(askedBy: monitor) }
}

extension ChildProcess {
  /// Ends a program with a monitor: asks it, then tells it, then makes it.
  func stop(askedBy monitor: QMPConnection) -> VirtualMachineError.ExitStatus? {
    if let status { return status }
    monitor.timeout = 2_000
    if (try? monitor.execute("quit")) != nil, let status = waitForEnd(within: .seconds(5)) { return status }
    signal(SIGTERM)
    if let status = waitForEnd(within: .seconds(2)) { return status }
    signal(SIGKILL)
    return waitForEnd(within: .seconds(5))
  }
}
