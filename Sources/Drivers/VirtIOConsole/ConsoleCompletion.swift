public import DevicePlatform
public import VirtIO

/// A buffer that came back from a port.
public struct ConsoleCompletion: ~Copyable, Sendable {
  /// What was asked.
  public enum Request: Sendable {
    /// Bytes from the device.
    case read
    /// Bytes to the device.
    case write
  }

  /// What was asked.
  public let request: Request
  /// Which request of that direction: what its submission returned.
  public let token: Token
  /// False after a reset of the device: it is not known how many bytes of a write it took, and a read has none.
  public let isDone: Bool
  /// Read: how many bytes at the start of the buffer came; what lies behind did not. Written: the buffer's size.
  public let byteCount: Int
  let completion: Completion

  init(_ request: Request, isDone: Bool, _ completion: consuming Completion) {
    self.request = request
    self.isDone = isDone
    token = completion.token
    // A used length has no meaning where the device writes nothing; legacy devices put anything there.
    byteCount = isDone ? Int(request == .read ? completion.written : completion.dataByteCount) : 0
    self.completion = completion
  }

  /// The buffer.
  public consuming func takeBuffer() -> DMABuffer { completion.takeBuffer() }
}
