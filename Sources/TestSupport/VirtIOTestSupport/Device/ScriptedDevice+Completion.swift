import DevicePlatform
import VirtIO

/// Giving chains back.
///
/// SPEC: devicenormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Used Ring
extension ScriptedDevice {
  /// In which order held requests are answered.
  public enum CompletionOrder: Sendable {
    /// As they came.
    case oldestFirst
    /// The other way round.
    case newestFirst
    /// Shuffled; the same seed gives the same order.
    case random(seed: UInt64)
  }

  /// Answers one held request.
  ///
  /// - Parameters:
  ///   - position: which, in `pending`.
  ///   - reply: the answer; the queue's handler is asked when there is none.
  public func complete(queue index: Int = 0, at position: Int = 0, with reply: ScriptedReply? = nil) {
    precondition(queues[index].pending.indices.contains(position), "no such request is pending")
    let request = queues[index].pending[position]
    let answer = reply ?? queues[index].handler(request, self)
    queues[index].pending.removeAll { $0.head == request.head }
    do throws(DeviceHeap.Fault) {
      try checkUnchanged(request)
      try write(answer, to: request)
      queues[index].busy.subtract(request.descriptors)
      try use(
        queue: index, id: hostility.usedID ?? UInt32(request.head), length: hostility.usedLength ?? answer.usedLength)
    } catch { fail("queue \(index), answer to chain at descriptor \(request.head): \(error.words)") }
  }

  /// Answers all held requests.
  public func completeAll(queue index: Int = 0, order: CompletionOrder = .oldestFirst) {
    var generator: SplitMix64
    switch order {
    case .random(let seed): generator = SplitMix64(seed: seed)
    default: generator = SplitMix64(seed: 0)
    }
    while !queues[index].pending.isEmpty {
      let count = queues[index].pending.count
      switch order {
      case .oldestFirst: complete(queue: index)
      case .newestFirst: complete(queue: index, at: count - 1)
      case .random: complete(queue: index, at: Int.random(in: 0..<count, using: &generator))
      }
    }
  }

  /// Hostile: writes anything anywhere into a queue's device area: flags at 0, index at 2, elements from 4 on, then
  /// avail_event. Nothing happens on a queue that is not enabled.
  public func writeDeviceArea(queue index: Int = 0, at offset: Int, _ bytes: [UInt8]) {
    guard queues[index].isEnabled else { return }
    precondition(offset >= 0 && offset + bytes.count <= 6 + 8 * Int(queues[index].size), "outside the device area")
    do throws(DeviceHeap.Fault) { try heap.write(bytes[...], at: queues[index].deviceArea + UInt64(offset)) } catch {
      fail("queue \(index): \(error.words)")
    }
  }

  /// Hostile: puts the last used element into the ring once more.
  public func replayUsedElement(queue index: Int = 0) {
    let last = queues[index].lastUsed
    writeUsedElement(queue: index, id: last.id, length: last.length)
  }

  /// Hostile: puts an element of choice into the used ring. Nothing happens on a queue that is not enabled.
  public func writeUsedElement(queue index: Int = 0, id: UInt32, length: UInt32) {
    guard queues[index].isEnabled else { return }
    do throws(DeviceHeap.Fault) { try use(queue: index, id: id, length: length) } catch {
      fail("queue \(index): \(error.words)")
    }
  }

  /// Hostile: moves used.idx without elements, forward or back. Nothing happens on a queue that is not enabled.
  public func jumpUsedIndex(queue index: Int = 0, by distance: Int16) {
    guard queues[index].isEnabled else { return }
    queues[index].usedIndex &+= UInt16(bitPattern: distance)
    do throws(DeviceHeap.Fault) {
      try store16(queues[index].usedIndex, queues[index].deviceArea + 2, releasing: true)
    } catch { fail("queue \(index): \(error.words)") }
    interrupt(cause: 1)
  }

  /// The driver must not touch a buffer that the device has.
  private func checkUnchanged(_ request: ScriptedRequest) throws(DeviceHeap.Fault) {
    var now: [UInt8] = []
    for region in request.readableRegions { now += try heap.read(region.deviceAddress, byteCount: region.byteCount) }
    if now != request.readable {
      record("queue \(request.queue): the readable part of chain \(request.head) changed in flight")
    }
  }

  private func write(_ reply: ScriptedReply, to request: ScriptedRequest) throws(DeviceHeap.Fault) {
    let writable = request.writableByteCount
    for (offset, bytes) in reply.writes {
      precondition(offset >= 0 && offset + bytes.count <= writable, "a scripted reply outside the writable buffers")
      var rest = bytes[...]
      if hostility.leavesStatusUnwritten && offset + bytes.count == writable { rest = rest.dropLast() }
      var skipped = offset
      for region in request.writableRegions where !rest.isEmpty {
        if skipped >= region.byteCount {
          skipped -= region.byteCount
          continue
        }
        let part = rest.prefix(region.byteCount - skipped)
        try heap.write(part, at: region.deviceAddress + UInt64(skipped))
        rest = rest.dropFirst(part.count)
        skipped = 0
      }
    }
  }

  private func use(queue index: Int, id: UInt32, length: UInt32) throws(DeviceHeap.Fault) {
    let queue = queues[index]
    let element = queue.deviceArea + 4 + 8 * UInt64(queue.usedIndex & (queue.size - 1))
    try store32(id, element)
    try store32(length, element + 4)
    let old = queue.usedIndex
    queues[index].usedIndex &+= 1
    queues[index].lastUsed = (id, length)
    try store16(old &+ 1, queue.deviceArea + 2, releasing: true)
    // Between the index and the driver's wishes, or a wish that comes at this moment is missed.
    access.fence()
    if try wantsInterrupt(queue, old: old) { interrupt(cause: 1) }
  }

  private func wantsInterrupt(_ queue: ScriptedQueue, old: UInt16) throws(DeviceHeap.Fault) -> Bool {
    if acceptedFeatures.contains(.eventIndex) {
      let event = try load16(queue.driverArea + 4 + 2 * UInt64(queue.size))
      return event == old
    }
    return try load16(queue.driverArea) & 1 == 0
  }
}

/// Random numbers that are the same in every run.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
