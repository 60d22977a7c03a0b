import CVirtualMachine
import Glibc

/// The other end of an emulated network card's wire: a stream of frames that loses nothing. Whoever does not take frames
/// holds the other up.
///
///     let wire = try FrameWire(mark: [0x88, 0xb5, 0, 0])
///     ["-netdev", "stream,id=net0,addr.type=fd,addr.str=\(Emulator.descriptor(ofFile: 0))"]
///     // files: [wire.inherited]; when the emulator has started:
///     wire.closeInherited()
///
/// Numbered frames, of which there may be hundreds of thousands in a second, are counted and not kept.
public final class FrameWire {
  /// What numbered frames came in.
  public struct Arrivals: Equatable, Sendable {
    /// How many.
    public var frames = 0
    /// Their bytes, from the destination address to the end of the data.
    public var byteCount = 0
    /// Those that did not have the number after the one before.
    public var disordered = 0
    /// When the last was seen, in nanoseconds of the clock that `now` reads.
    public var lastTime: UInt64 = 0

    /// None.
    public init() {}
  }

  private let ours: SocketEnd
  private let theirs: SocketEnd
  private let mark: [UInt8]
  private var state = vm_frames()
  private var buffer = [UInt8](repeating: 0, count: Int(VM_FRAMES_BUFFER))

  /// A wire that nobody has yet.
  ///
  /// - Parameter mark: the four bytes at `markOffset` of a numbered frame. Its number, four bytes with the lowest first, is at
  ///   `numberOffset`.
  public init(mark: [UInt8]) throws(VirtualMachineError) {
    precondition(mark.count == 4, "a mark of four bytes")
    (ours, theirs) = try SocketEnd.pair()
    self.mark = mark
  }

  /// Where the mark of a numbered frame is: behind the addresses.
  public static var markOffset: Int { Int(VM_FRAME_MARK) }
  /// Where its number is.
  public static var numberOffset: Int { Int(VM_FRAME_NUMBER) }

  /// What the emulator gets.
  public var inherited: any InheritedFile { theirs }

  /// The emulator has it now: when it ends, so does the stream here.
  public func closeInherited() { theirs.close() }

  /// Nanoseconds of a clock that never goes back.
  public static var now: UInt64 {
    var time = timespec()
    // A local variable of the call's type.
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// What numbered frames came in since the last `takeArrivals`.
  public var arrivals: Arrivals {
    var arrivals = Arrivals()
    arrivals.frames = Int(state.frames)
    arrivals.byteCount = Int(state.bytes)
    arrivals.disordered = Int(state.disordered)
    arrivals.lastTime = state.time
    return arrivals
  }

  /// Hands them over; counting and numbers begin anew.
  @discardableResult
  public func takeArrivals() -> Arrivals {
    defer { (state.frames, state.bytes, state.disordered, state.next) = (0, 0, 0, 0) }
    return arrivals
  }

  /// Sends a frame.
  public func send(_ frame: [UInt8], within limit: Duration) throws(VirtualMachineError) {
    try send(frame, copies: 1, numberedFrom: nil, limit)
  }

  /// Sends copies of a frame, numbered.
  public func send(
    _ frame: [UInt8], copies: Int, numberedFrom first: UInt32, within limit: Duration
  ) throws(VirtualMachineError) {
    precondition(frame.count >= Int(VM_NUMBERED_LEAST), "a frame that has room for its number")
    try send(frame, copies: copies, numberedFrom: Optional(first), limit)
  }

  private func send(
    _ frame: [UInt8], copies: Int, numberedFrom first: UInt32?, _ limit: Duration
  ) throws(VirtualMachineError) {
    // The number that the frame has already, where it is to have none.
    let place = Self.numberOffset
    let own =
      place + 4 <= frame.count ? (0..<4).reduce(UInt32(0)) { $0 | UInt32(frame[place + $1]) << UInt32(8 * $1) } : 0
    // The call reads as many bytes as it is told.
    let result = unsafe frame.withUnsafeBufferPointer {
      unsafe vm_frames_send(
        ours.descriptor, $0.baseAddress, UInt32($0.count), first ?? own, UInt32(copies), limit.nanoseconds)
    }
    try check(result, waitingFor: "room on a wire", limit)
  }

  /// The next frame that is no numbered one; those before it are counted.
  ///
  /// - Throws: `deadlinePassed` when none came in time; `connectionClosed` when the emulator has ended.
  public func receive(within limit: Duration) throws(VirtualMachineError) -> [UInt8] {
    var frame = [UInt8](repeating: 0, count: Int(VM_FRAME_LIMIT))
    // As large as the call expects.
    let result = unsafe frame.withUnsafeMutableBufferPointer { frame in
      unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        unsafe mark.withUnsafeBufferPointer { mark in
          unsafe vm_frames_receive(
            ours.descriptor, &state, buffer.baseAddress, mark.baseAddress, frame.baseAddress, limit.nanoseconds)
        }
      }
    }
    try check(result, waitingFor: "a frame on a wire", limit)
    return Array(frame.prefix(Int(result)))
  }

  private func check(_ result: Int32, waitingFor what: String, _ limit: Duration) throws(VirtualMachineError) {
    switch -result {
    case ETIMEDOUT: throw .deadlinePassed(waitingFor: what, milliseconds: limit.milliseconds)
    case EPIPE, ECONNRESET, EBADF: throw .connectionClosed("a wire")
    case EMSGSIZE: throw .system(doing: "taking a frame that is too long", errno: EMSGSIZE)
    case let reason where reason > 0: throw .system(doing: "moving frames", errno: reason)
    default: break
    }
  }
}
