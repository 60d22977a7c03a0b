/// A chain that the driver made available, as the device read it.
public struct ScriptedRequest: Sendable {
  /// A piece of memory in the chain.
  public struct Region: Equatable, Sendable {
    /// Where it is, as the device sees it.
    public var deviceAddress: UInt64
    /// Its size.
    public var byteCount: Int
  }

  /// The queue that it came from.
  public var queue: Int
  /// The descriptor that begins the chain.
  public var head: UInt16
  /// What the device may read, in order.
  public var readableRegions: [Region]
  /// What the device may write, in order.
  public var writableRegions: [Region]
  /// The contents of the readable regions at the moment the chain was taken.
  public var readable: [UInt8]
  /// Whether the chain lives in an INDIRECT table.
  public var isIndirect: Bool
  /// Descriptors of the ring that it occupies.
  var descriptors: [UInt16]

  /// What the device may write, in bytes.
  public var writableByteCount: Int { writableRegions.reduce(0) { $0 + $1.byteCount } }
}

/// What a device answers to a request.
public struct ScriptedReply: Sendable {
  /// Bytes, and where they go, counted over all writable regions.
  public var writes: [(offset: Int, bytes: [UInt8])]
  /// The length in the used ring.
  public var usedLength: UInt32

  /// Writes `bytes` from the beginning, and tells just that length.
  public init(bytes: [UInt8] = []) { self.init(writes: [(0, bytes)], usedLength: UInt32(bytes.count)) }

  /// Writes anywhere.
  public init(writes: [(offset: Int, bytes: [UInt8])], usedLength: UInt32) {
    self.writes = writes
    self.usedLength = usedLength
  }
}
