/// Text in and out, whatever drives it. One owner at a time; each operation is one indirect call.
public protocol ConsoleDevice: AnyObject {
  /// How many columns and rows of text it shows; nil when it does not say.
  var textSize: ConsoleTextSize? { get }

  /// Writes bytes, and returns when they are on their way.
  func write(_ bytes: Span<UInt8>) throws(ConsoleFailure)
  /// Takes bytes that came in. Does not wait.
  ///
  /// - Parameter destination: filled from the start with what there is.
  /// - Returns: how many bytes; 0 when nothing has come.
  func read(into destination: inout MutableSpan<UInt8>) throws(ConsoleFailure) -> Int
  /// Writes one byte at once, without memory, queues or waiting: for a kernel that is going down, also in the middle of
  /// another operation.
  ///
  /// - Returns: whether the console has a way to do that.
  func writeInEmergency(_ byte: UInt8) -> Bool
}

extension ConsoleDevice {
  /// A console without such a way.
  public func writeInEmergency(_ byte: UInt8) -> Bool { false }
}

/// Size of a console in characters.
public struct ConsoleTextSize: Equatable, Sendable {
  /// Characters of a row.
  public let columns: Int
  /// Rows.
  public let rows: Int

  /// A size.
  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// Why a console did not do what it was asked: the driver's words.
public struct ConsoleFailure: Error, Equatable, Sendable {
  /// The reason in one line.
  public let words: String

  /// A reason.
  public init(_ words: String) { self.words = words }
}
