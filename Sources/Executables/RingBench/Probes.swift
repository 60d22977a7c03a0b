import DevicePlatform
import VirtIO
import VirtIOBlock
import VirtIONetwork

// Named functions of the data path, never called: `vireo check calls` walks from them through the program's calls and
// finds out whether one leads to an allocation, a reference count or an exclusivity check. The pointers are bound to
// what the names say; on refusal a buffer stays where it was.

typealias ProbeQueue = Virtqueue<BenchTransport>
typealias ProbeDisk = BlockDevice<BenchTransport>

@c(vireo_probe_submit) @used @inline(never)
func probeSubmit(_ queue: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer) {
  let buffer = unsafe buffer.assumingMemoryBound(to: DMABuffer.self)
  switch unsafe queue.assumingMemoryBound(to: ProbeQueue.self).pointee.submit(buffer.move(), deviceWrites: true) {
  case .accepted: unsafe buffer.initialize(to: DMABuffer())
  case .refused(_, let same): unsafe buffer.initialize(to: same)
  }
}

@c(vireo_probe_publish) @used @inline(never)
func probePublish(_ queue: UnsafeMutableRawPointer) {
  unsafe queue.assumingMemoryBound(to: ProbeQueue.self).pointee.publish()
}

@c(vireo_probe_complete) @used @inline(never)
func probeComplete(_ queue: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer) -> Bool {
  guard let completion = unsafe queue.assumingMemoryBound(to: ProbeQueue.self).pointee.complete() else { return false }
  unsafe buffer.assumingMemoryBound(to: DMABuffer.self).initialize(to: completion.takeBuffer())
  return true
}

@c(vireo_probe_block_start_read) @used @inline(never)
func probeStartRead(_ disk: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer, _ sector: UInt64) {
  let buffer = unsafe buffer.assumingMemoryBound(to: DMABuffer.self)
  switch unsafe disk.assumingMemoryBound(to: ProbeDisk.self).pointee.startRead(sector: sector, into: buffer.move()) {
  case .accepted: unsafe buffer.initialize(to: DMABuffer())
  case .refused(_, let same): unsafe buffer.initialize(to: same)
  }
}

@c(vireo_probe_block_complete) @used @inline(never)
func probeBlockComplete(_ disk: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer) -> Bool {
  guard let completion = unsafe disk.assumingMemoryBound(to: ProbeDisk.self).pointee.complete() else { return false }
  unsafe buffer.assumingMemoryBound(to: DMABuffer.self).initialize(to: completion.takeBuffer())
  return true
}

typealias ProbePair = NetworkQueuePair<BenchTransport>

/// A burst from a stack of buffers; what is refused goes back there.
@c(vireo_probe_network_send) @used @inline(never)
func probeNetworkSend(_ pair: UnsafeMutableRawPointer, _ pool: UnsafeMutableRawPointer, _ byteCount: Int) -> Int {
  let pool = unsafe pool.assumingMemoryBound(to: DMABufferStack.self)
  return unsafe pair.assumingMemoryBound(to: ProbePair.self).pointee.sendBatch(
    upTo: 32,
    source: {
      guard let buffer = unsafe pool.pointee.pop() else { return nil }
      return OutgoingFrame(buffer, byteCount: byteCount)
    }, refused: { _, frame in unsafe pool.pointee.push(frame.takeBuffer()) })
}

@c(vireo_probe_network_reclaim) @used @inline(never)
func probeNetworkReclaim(_ pair: UnsafeMutableRawPointer, _ pool: UnsafeMutableRawPointer) -> Int {
  let pool = unsafe pool.assumingMemoryBound(to: DMABufferStack.self)
  return unsafe pair.assumingMemoryBound(to: ProbePair.self).pointee.reclaimBatch(upTo: 32) {
    unsafe pool.pointee.push($0.takeBuffer())
  }
}

@c(vireo_probe_network_give) @used @inline(never)
func probeNetworkGive(_ pair: UnsafeMutableRawPointer, _ pool: UnsafeMutableRawPointer) -> Int {
  let pool = unsafe pool.assumingMemoryBound(to: DMABufferStack.self)
  return unsafe pair.assumingMemoryBound(to: ProbePair.self).pointee.giveBatch(
    upTo: 32, source: { unsafe pool.pointee.pop() }, refused: { _, buffer in unsafe pool.pointee.push(buffer) })
}

/// Whole frames, in one buffer or several, moved into memory of the caller's.
@c(vireo_probe_network_receive) @used @inline(never)
func probeNetworkReceive(_ pair: UnsafeMutableRawPointer, _ frames: UnsafeMutableRawPointer) -> Int {
  let frames = unsafe frames.assumingMemoryBound(to: ReceivedFrame.self)
  var count = 0
  return unsafe pair.assumingMemoryBound(to: ProbePair.self).pointee.receiveBatch(upTo: 32) {
    unsafe (frames + count).initialize(to: $0)
    count += 1
  }
}

final class Counter {
  var value = 0
}

/// The control: it allocates, and the check must say so.
@c(vireo_probe_control) @used @inline(never)
func probeControl(_ place: UnsafeMutableRawPointer) {
  unsafe place.assumingMemoryBound(to: Counter.self).initialize(to: Counter())
}
