import CVhostUser
import DevicePlatform
import Foundation
import Glibc
import Synchronization
import VhostUser
import VirtIO

/// A back-end in this process that follows the protocol, but for what a test lets it do otherwise. It has a disk's
/// configuration and never looks at a ring.
final class ScriptedBackend: Sendable {
  /// What it does with a request instead of the right thing.
  enum Deed: Sendable {
    /// An answer with this payload.
    case answer([UInt8])
    /// These bytes, header and all.
    case bytes([UInt8])
    /// These bytes, and then nothing more for ever.
    case bytesAndEnd([UInt8])
    /// These bytes; then it neither reads nor hangs up until `release` lets it go.
    case bytesAndStandStill([UInt8])
    /// An answer with a descriptor beside it.
    case answerWithDescriptor([UInt8])
    /// Acknowledged with this number, asked for or not.
    case acknowledge(UInt64)
    case silence
    case end
  }

  struct State {
    var features: UInt64 = 1 << 32 | 1 << 30 | 1 << 29 | 1 << 28
    var protocolFeatures: UInt64 = 1 << 0 | 1 << 3 | 1 << 9 | 1 << 15
    var configuration: [UInt8] = [0, 8, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 52)
    var acceptedFeatures: UInt64?
    var acceptedProtocolFeatures: UInt64 = 0
    var status: UInt64 = 0
    var calls: [UInt64] = []
    var requests: [VhostUserRequest] = []
  }

  let state: Mutex<State>
  private let ends: (front: Int32, back: Int32)
  private let deed: @Sendable (VhostUserRequest, inout State) -> Deed?
  private let released = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - prepare: changes what it offers.
  ///   - deed: nil for the right thing.
  init(
    _ prepare: (inout State) -> Void = { _ in },
    deed: @escaping @Sendable (VhostUserRequest, inout State) -> Deed? = { _, _ in nil }
  ) {
    var first = State()
    prepare(&first)
    state = Mutex(first)
    var pair: [Int32] = [-1, -1]
    unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
    ends = (pair[0], pair[1])
    self.deed = deed
    Thread.detachNewThread { self.run() }
  }

  /// Lets it go that stands still, now or later: it hangs up.
  func release() { released.signal() }

  /// The front-end's end of the connection: whoever uses it closes it.
  var front: Int32 { ends.front }

  /// The device as a driver's side sees it.
  func connect(
    as type: DeviceType = .block, _ change: (inout VhostUserOptions) -> Void = { _ in }
  ) throws -> VhostUserDevice {
    var options = VhostUserOptions()
    options.memoryByteCount = 8 << 20
    change(&options)
    let front = front
    return try VhostUserDevice(name: "scripted", type: type, options: options) { () throws(VhostUserError) in front }
  }

  private func run() {
    defer { close(ends.back) }
    while let header = receive(12) {
      guard let request = VhostUserRequest(rawValue: word(header, 0)), let payload = receive(Int(word(header, 8)))
      else { return }
      let isAcknowledged = word(header, 4) & 8 != 0
      let (chosen, answer) = state.withLock { state -> (Deed?, [UInt8]?) in
        state.requests.append(request)
        let chosen = deed(request, &state)
        return (chosen, Self.rightAnswer(request, payload, &state))
      }
      switch chosen {
      case nil:
        if let answer { send(request, answer) } else if isAcknowledged { send(request, Self.number(0)) }
      case .answer(let bytes): send(request, bytes)
      case .bytes(let bytes): send(bytes)
      case .bytesAndEnd(let bytes):
        send(bytes)
        return
      case .bytesAndStandStill(let bytes):
        send(bytes)
        _ = released.wait(timeout: .now() + 60)
        return
      case .answerWithDescriptor(let bytes): send(Self.header(request, bytes.count) + bytes, descriptors: [0])
      case .acknowledge(let result): send(request, Self.number(result))
      case .silence: break
      case .end: return
      }
    }
  }

  private static func rightAnswer(_ request: VhostUserRequest, _ payload: [UInt8], _ state: inout State) -> [UInt8]? {
    switch request {
    case .getFeatures: return number(state.features)
    case .setFeatures: state.acceptedFeatures = number(payload)
    case .getProtocolFeatures: return number(state.protocolFeatures)
    case .setProtocolFeatures: state.acceptedProtocolFeatures = number(payload)
    case .getQueueCount: return number(1)
    case .getMemorySlotLimit: return number(8)
    case .getConfiguration:
      let count = Int(payload[4]) | Int(payload[5]) << 8
      return count > state.configuration.count ? [] : Array(payload[..<12]) + state.configuration[..<count]
    case .getRingBase: return Array(payload[..<4]) + [0, 0, 0, 0]
    case .setRingCall: state.calls.append(number(payload))
    case .getStatus: return number(state.status)
    case .setStatus: state.status = number(payload)
    default: break
    }
    return nil
  }

  static func number(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) } }
  private static func number(_ bytes: [UInt8]) -> UInt64 {
    bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
  }

  /// The header of an answer.
  static func header(_ request: VhostUserRequest, _ count: Int, flags: UInt32 = 5) -> [UInt8] {
    [request.rawValue, flags, UInt32(truncatingIfNeeded: count)].flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
    }
  }

  private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
  }

  private func receive(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      guard cvhost_ready(ends.back, 0, 60_000_000_000) > 0 else { return nil }
      var closed: Int32 = 0
      // Stays within the array: `done` is below its count.
      let length = unsafe bytes.withUnsafeMutableBytes {
        unsafe cvhost_receive(ends.back, $0.baseAddress! + done, $0.count - done, &closed)
      }
      if length <= 0 { return nil }
      done += length
    }
    return bytes
  }

  private func send(_ request: VhostUserRequest, _ payload: [UInt8]) {
    send(Self.header(request, payload.count) + payload)
  }

  private func send(_ bytes: [UInt8], descriptors: [Int32] = []) {
    // The arrays live as long as the call.
    _ = unsafe cvhost_send(ends.back, bytes, bytes.count, descriptors, descriptors.count)
  }
}
