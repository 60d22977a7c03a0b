import CVirtualMachine
import Foundation
import Glibc

extension ChildProcess {
  /// What to start, and where its standard streams lead.
  public struct Command: Sendable {
    /// A name to be searched in PATH, or a path.
    public var program: String
    /// Without the program's name.
    public var arguments: [String]
    /// What the program gets as descriptors 3 and up.
    public var files: [any InheritedFile]
    /// True for a standard input that `send` writes to; else it is empty.
    public var hasInput: Bool
    /// Where standard output goes.
    public var output: Output
    /// Where standard error goes; `.taken` is as `.collected`.
    public var error: Output
    /// The working folder; nil for this process's own.
    public var folder: String?
    /// Variables in addition to this process's own.
    public var environment: [String: String] = [:]
    /// True for a program that goes on when this process is gone, out of reach of the terminal's signals: one that
    /// cleans up. It must end by itself when its standard input does.
    var survives = false

    /// A program whose standard error is collected, and nothing else is.
    public init(
      _ program: String, _ arguments: [String], files: [any InheritedFile] = [], hasInput: Bool = false,
      output: Output = .discarded, error: Output = .collected, folder: String? = nil
    ) {
      self.program = program
      self.arguments = arguments
      self.files = files
      self.hasInput = hasInput
      self.output = output
      self.error = error
      self.folder = folder
    }

    /// The path of the `index`-th of `files`, for the program's arguments.
    public static func path(ofFile index: Int) -> String { "/proc/self/fd/\(descriptor(ofFile: index))" }

    /// The descriptor that the program has the `index`-th of `files` as.
    public static func descriptor(ofFile index: Int) -> Int { 3 + index }
  }

  /// Where a standard stream leads.
  public enum Output: Equatable, Sendable {
    /// To nobody.
    case discarded
    /// Kept here: the beginning, up to 1 MiB of output or 256 KiB of errors; the rest is read and dropped.
    case collected
    /// Kept here for `takeOutput`, all of it: the program waits when 4 MiB have not been taken.
    case taken
    /// This process's own standard error.
    case standardError

    var isPiped: Bool { self == .collected || self == .taken }
    var descriptor: Int32 { self == .standardError ? STDERR_FILENO : -1 }
  }
}

extension ChildProcess.Command {
  /// The process ID, or a negated `errno`. The calling thread must live as long as the program.
  func spawn(streams: [Int32]) -> Int32 {
    let descriptors = files.map(\.descriptor)
    let variables = environment.isEmpty ? nil : ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // C strings that live until the call has returned; both lists end with a null pointer as the call demands.
    let words = unsafe Self.copies([program] + arguments)
    let list = unsafe variables.map { unsafe Self.copies($0.map { "\($0)=\($1)" }) }
    defer {
      unsafe words.forEach { unsafe free($0) }
      unsafe list?.forEach { unsafe free($0) }
      withExtendedLifetime(files) {}
    }
    return unsafe vm_spawn(
      program, words, list, folder, streams, descriptors, Int32(descriptors.count), survives ? 1 : 0)
  }

  private static func copies(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
    unsafe words.map { unsafe strdup($0) } + [nil]
  }
}
