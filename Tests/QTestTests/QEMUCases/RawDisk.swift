import DevicePlatform
import QTest
import Testing
import VirtIO

/// A block device driven by its queue alone: for requests and layouts that the block driver does not use.
struct RawDisk<T: Transport & ~Copyable>: ~Copyable {
  private(set) var transport: T
  var queue: Virtqueue<T>
  let features: FeatureSet
  var waiter: QTestWaiter
  let memory: QTestMemory

  /// DISCARD and WRITE_ZEROES. SPEC: Device Types / Block Device / Feature bits
  static var wanted: FeatureSet { FeatureSet(bit: 13).union(FeatureSet(bit: 14)) }

  /// - Parameter hasStatus: the status byte is the ring's; otherwise it is the last byte of the data.
  init(_ transport: consuming T, _ bench: Bench, hasStatus: Bool) throws {
    var transport = transport
    var waiter = bench.machine.waiter
    var negotiated: FeatureSet = []
    queue = try transport.bringUp(
      as: .block, features: DriverFeatures(wanted: Self.wanted), waiter: &waiter, timeout: .seconds(2)
    ) { (transport, features) throws(BringupError) in
      negotiated = features
      return try transport.makeQueue(
        0, QueueOptions(headerByteCount: 16, statusByteCount: hasStatus ? 1 : 0), features: features)
    }
    self.transport = transport
    self.waiter = waiter
    features = negotiated
    memory = bench.machine.memory
  }

  /// Resets the device and lets go of it.
  consuming func close() {
    guard let reset = transport.reset(attempts: 1000) else {
      Issue.record("the device did not finish its reset")
      return
    }
    queue.deviceWasReset(reset)
  }

  /// One request with data, from its submission to its end.
  mutating func perform(_ type: UInt32, sector: UInt64, _ data: [UInt8], deviceWrites: Bool) throws -> Answer {
    var buffer = try memory.allocate(byteCount: data.count)
    buffer.fill(with: data[...])
    let submission = queue.submit(buffer, deviceWrites: deviceWrites) {
      $0.store(UInt64(type), at: 0)
      $0.store(sector, at: 8)
    }
    guard case .accepted(let token) = submission else {
      throw QTestError.malformed(what: "submission", found: "refused")
    }
    queue.publish()
    let completion = try queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(5))
    let (status, written) = (completion.status, completion.written)
    let returned = completion.takeBuffer()
    return Answer(status: status, written: written, data: returned.array(data.count))
  }

  struct Answer {
    var status: UInt8
    var written: UInt32
    var data: [UInt8]
  }
}

extension Array where Element == UInt8 {
  /// One range of a DISCARD or WRITE_ZEROES request. SPEC: Device Types / Block Device / Device Operation
  static func range(sector: UInt64, count: UInt32, flags: UInt32 = 0) -> [UInt8] {
    func bytes(_ value: UInt64, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
    return bytes(sector, 8) + bytes(UInt64(count), 4) + bytes(UInt64(flags), 4)
  }
}
