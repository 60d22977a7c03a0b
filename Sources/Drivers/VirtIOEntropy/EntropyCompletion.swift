public import DevicePlatform
public import VirtIO

/// A buffer that came back from an entropy source.
public struct EntropyCompletion: ~Copyable, Sendable {
  /// Which request: what its submission returned.
  public let token: Token
  /// How many bytes at the start of the buffer are random; what lies behind is not. 0 after a reset of the device.
  public let byteCount: Int
  let completion: Completion

  /// The buffer.
  public consuming func takeBuffer() -> DMABuffer { completion.takeBuffer() }
}
