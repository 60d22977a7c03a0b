/// A source of random bytes, whatever drives it. One owner at a time; each operation is one indirect call.
public protocol EntropySource: AnyObject {
  /// Fills memory with random bytes; waits for a device where it has to.
  ///
  /// - Parameter destination: any length. After an error its contents are undefined, not random.
  func fill(_ destination: inout MutableSpan<UInt8>) throws(EntropyFailure)
}

/// Why a source gave nothing: the driver's words.
public struct EntropyFailure: Error, Equatable, Sendable {
  /// The reason in one line.
  public let words: String

  /// A reason.
  public init(_ words: String) { self.words = words }
}
