// What a person asked for and cannot have.

/// A mistake in the command line or in what it names. The message says which thing, its value and what was expected.
/// Exit status 2.
package struct UsageError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}

/// Something on this machine that stands in the way, with the exit status that tells scripts about it.
package struct ToolError: Error, CustomStringConvertible {
  package let description: String
  let status: Int32

  init(_ description: String, status: Int32 = 1) {
    self.description = description
    self.status = status
  }

  /// A program that is not there. The C constant is `EX_UNAVAILABLE`.
  static func unavailable(_ description: String) -> ToolError { ToolError(description, status: 69) }
}
