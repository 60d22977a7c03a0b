#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  // Named functions of the data path, never called: `vireo check calls` walks from them through the image's calls and
  // finds out whether one leads to an allocation, a reference count or an exclusivity check. The pointers are bound to
  // what the names say; on refusal a buffer stays where it was.

  @c(vireo_probe_submit) @used @inline(never)
  func probeSubmit(_ queue: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer) {
    let buffer = unsafe buffer.assumingMemoryBound(to: DMABuffer.self)
    let queue = unsafe queue.assumingMemoryBound(to: Virtqueue<MachineTransport>.self)
    switch unsafe queue.pointee.submit(buffer.move(), deviceWrites: true) {
    case .accepted: unsafe buffer.initialize(to: DMABuffer())
    case .refused(_, let same): unsafe buffer.initialize(to: same)
    }
  }

  @c(vireo_probe_publish) @used @inline(never)
  func probePublish(_ queue: UnsafeMutableRawPointer) {
    unsafe queue.assumingMemoryBound(to: Virtqueue<MachineTransport>.self).pointee.publish()
  }

  @c(vireo_probe_complete) @used @inline(never)
  func probeComplete(_ queue: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer) -> Bool {
    let queue = unsafe queue.assumingMemoryBound(to: Virtqueue<MachineTransport>.self)
    guard let completion = unsafe queue.pointee.complete() else { return false }
    unsafe buffer.assumingMemoryBound(to: DMABuffer.self).initialize(to: completion.takeBuffer())
    return true
  }

  @c(vireo_probe_block_start_read) @used @inline(never)
  func probeStartRead(_ disk: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer, _ sector: UInt64) {
    let buffer = unsafe buffer.assumingMemoryBound(to: DMABuffer.self)
    let disk = unsafe disk.assumingMemoryBound(to: BlockDevice<MachineTransport>.self)
    switch unsafe disk.pointee.startRead(sector: sector, into: buffer.move()) {
    case .accepted: unsafe buffer.initialize(to: DMABuffer())
    case .refused(_, let same): unsafe buffer.initialize(to: same)
    }
  }

  @c(vireo_probe_block_complete) @used @inline(never)
  func probeBlockComplete(_ disk: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer) -> Bool {
    let disk = unsafe disk.assumingMemoryBound(to: BlockDevice<MachineTransport>.self)
    guard let completion = unsafe disk.pointee.complete() else { return false }
    unsafe buffer.assumingMemoryBound(to: DMABuffer.self).initialize(to: completion.takeBuffer())
    return true
  }

  /// What the control makes.
  final class ProbeObject {
    var value = 0
  }

  /// The control: it allocates, and the check must say so.
  @c(vireo_probe_control) @used @inline(never)
  func probeControl(_ place: UnsafeMutableRawPointer) {
    unsafe place.assumingMemoryBound(to: ProbeObject.self).initialize(to: ProbeObject())
  }
#endif
