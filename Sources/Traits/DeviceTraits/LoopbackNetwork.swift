public import DevicePlatform

/// A network interface whose wire ends where it begins: what was sent comes in, in order, with the next `publish`. Nothing
/// can damage it on the way, so what the sender says of its checksum comes in with it.
public final class LoopbackNetwork<Memory: DMAMemory>: NetworkDevice {
  /// The interface's address.
  public let hardwareAddress: InlineArray<6, UInt8>
  /// The largest payload of a frame in bytes.
  public let mtu: Int
  /// There is always somebody at the other end.
  public var isLinkUp: Bool { true }
  private let memory: Memory
  private let capacity: Int
  // In order from `first` on; the rest is free.
  private var frames: [LoopedFrame] = []
  private var publishedCount = 0
  private var counts = InterfaceCounters()

  /// An interface.
  ///
  /// - Parameters:
  ///   - address: any that is not multicast.
  ///   - mtu: the largest payload, at least 68 as IP wants it.
  ///   - capacity: how many frames can be on the wire.
  ///   - memory: where frames' buffers come from.
  public init(address: InlineArray<6, UInt8>, mtu: Int = 1500, capacity: Int = 64, memory: Memory) {
    precondition(address[0] & 1 == 0, "an interface's address is not multicast")
    precondition(mtu >= 68 && capacity > 0, "an MTU of at least 68, room for a frame")
    hardwareAddress = address
    self.mtu = mtu
    self.capacity = capacity
    self.memory = memory
  }

  /// A buffer from the interface's memory.
  public func makeFrame(byteCount: Int) throws(NetworkError) -> NetworkFrame {
    if let error = refusal(byteCount) { throw error }
    do throws(DMAError) {
      return NetworkFrame(try memory.allocate(byteCount: byteCount), from: 0, byteCount: byteCount)
    } catch {
      throw .failed(error.words)
    }
  }

  private func refusal(_ byteCount: Int) -> NetworkError? {
    if byteCount < 14 { return .tooShort(byteCount: byteCount) }
    if byteCount > mtu + 14 { return .tooLong(byteCount: byteCount, limit: mtu + 14) }
    return nil
  }

  /// Puts a frame on the wire.
  public func send(_ frame: consuming NetworkFrame) -> RefusedFrame? {
    if let error = refusal(frame.byteCount) ?? (frames.count == capacity ? .full : nil) {
      counts.framesRefused &+= 1
      return RefusedFrame(frame, because: error)
    }
    counts.framesTaken &+= 1
    counts.bytesTaken &+= UInt64(frame.byteCount)
    frames.append(LoopedFrame(frame))
    return nil
  }

  /// Takes a frame from the wire.
  public func receive() -> NetworkFrame? {
    if publishedCount == 0 { return nil }
    guard let frame = frames.removeFirst().frame.take() else { return nil }
    publishedCount -= 1
    counts.framesReceived &+= 1
    counts.bytesReceived &+= UInt64(frame.byteCount)
    return frame
  }

  /// The buffer goes back to where it came from.
  public func recycle(_ frame: consuming NetworkFrame) {}

  /// What was sent can come in now.
  public func publish() { publishedCount = frames.count }

  /// A frame has come in when one was sent and published.
  public func arm() -> Bool { publishedCount > 0 }

  /// Returns at once: nothing comes in while the owner, who alone sends, is waiting.
  public func wait(until deadline: MonotonicTime) {}

  /// A frame has left, and offers its buffer to come in, with `publish`.
  public var counters: InterfaceCounters {
    var counts = counts
    counts.framesInFlight = UInt64(frames.count - publishedCount)
    counts.framesSent = counts.framesTaken - counts.framesInFlight
    counts.buffersOffered = counts.framesSent
    counts.buffersWaiting = UInt64(publishedCount)
    return counts
  }
}

/// A frame on the wire: an array cannot hold the frame itself.
private final class LoopedFrame {
  var frame: NetworkFrame?
  init(_ frame: consuming NetworkFrame) { self.frame = .some(frame) }
}
