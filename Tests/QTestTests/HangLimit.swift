import Foundation
import Testing

/// Ends the test process when a test still runs half a minute after its time limit, of one minute unless it says so.
///
/// The time limit itself records the failure and cancels the task, and no more: a loop that does not ask for
/// cancellation, as a driver's, would go on for ever. The kernel ends the emulators with the process.
struct HangLimit: TestTrait, SuiteTrait, TestScoping {
  var seconds = 90

  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let (name, seconds) = (test.name, seconds)
    let end = DispatchWorkItem { fatalError("\(name) has hung for \(seconds) seconds: everything ends here") }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: end)
    defer { end.cancel() }
    try await function()
  }
}

extension Trait where Self == HangLimit {
  /// An end for what does not end by itself: use it along with a time limit of a minute.
  static var hangLimit: HangLimit { HangLimit() }

  /// The same for a time limit of `minutes`.
  static func hangLimit(minutes: Int) -> HangLimit { HangLimit(seconds: 60 * minutes + 30) }
}
