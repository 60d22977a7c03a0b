// Programs that the tool starts. None outlives the tool.

import Dispatch
import Foundation
import Synchronization
import VirtualMachine

enum Children {
  private static let isEnding = Atomic(false)

  /// Installs the handlers of SIGINT, SIGTERM and SIGHUP; a closed standard output becomes an error of the write.
  static func endOnSignals() -> [any DispatchSourceSignal] {
    signal(SIGPIPE, SIG_IGN)
    return [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        isEnding.store(true, ordering: .relaxed)
        Terminal.progress("interrupted; ended \(ChildProcess.endAll()) running program(s)")
        TraceFile.finish()
        exit(128 + number)
      }
      source.resume()
      return source
    }
  }

  /// After a deadly signal waits for its handler to end the tool: the status is the signal's, whatever a child's end
  /// made of the command.
  static func letSignalsEnd() {
    while isEnding.load(ordering: .relaxed) { sleep(1) }
  }

  /// Runs a program to its end with its standard output on our standard error.
  ///
  /// - Returns: its exit status; 127 if there is no such program.
  static func run(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Int32 {
    var command = ChildProcess.Command(
      arguments[0], Array(arguments.dropFirst()), output: .standardError, error: .standardError, folder: folder?.path)
    command.environment = environment
    guard let process = try start(command) else { return 127 }
    return process.waitForEnd().shellStatus
  }

  /// Runs a program to its end and returns what it wrote to its standard output.
  static func output(of arguments: [String], in folder: URL? = nil) throws -> (status: Int32, text: String) {
    do throws(VirtualMachineError) {
      let (status, text) = try ChildProcess.runToEnd(arguments[0], Array(arguments.dropFirst()), in: folder?.path)
      return (status.shellStatus, text)
    } catch {
      guard case .programMissing = error else { throw error }
      Terminal.progress(error.words)
      return (127, "")
    }
  }

  /// nil, with a word about it, if there is no such program.
  private static func start(_ command: ChildProcess.Command) throws -> ChildProcess? {
    do throws(VirtualMachineError) {
      return try ChildProcess(command)
    } catch {
      guard case .programMissing = error else { throw error }
      Terminal.progress(error.words)
      return nil
    }
  }
}
