import VirtIO

/// What is wrong with a chain.
struct ChainFault: Error {
  var words: String
}

/// Reading descriptor chains.
///
/// SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Descriptor Table
/// SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Descriptor Table /
/// Indirect Descriptors
extension ScriptedDevice {
  private struct ScriptedDescriptor {
    var address: UInt64
    var length: UInt32
    var flags: UInt16
    var next: UInt16

    var hasNext: Bool { flags & 1 != 0 }
    var isWritable: Bool { flags & 2 != 0 }
    var isIndirect: Bool { flags & 4 != 0 }

    /// Little-endian bytes of a table's row.
    init(_ bytes: [UInt8]) {
      func number(_ range: Range<Int>) -> UInt64 { bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
      address = number(0..<8)
      length = UInt32(number(8..<12))
      flags = UInt16(number(12..<14))
      next = UInt16(number(14..<16))
    }
  }

  func parseChain(head: UInt16, queue index: Int) throws(ChainFault) -> ScriptedRequest {
    let size = Int(queues[index].size)
    var request = ScriptedRequest(
      queue: index, head: head, readableRegions: [], writableRegions: [], readable: [], isIndirect: false,
      descriptors: [])
    var table = queues[index].descriptorArea
    var tableCount = size
    var position = Int(head)
    var length = 0
    var total: UInt64 = 0
    while true {
      guard position < tableCount else {
        throw ChainFault(words: "descriptor \(position) of a table of \(tableCount)")
      }
      if !request.isIndirect {
        if request.descriptors.contains(UInt16(position)) { throw ChainFault(words: "loop at descriptor \(position)") }
        if queues[index].busy.contains(UInt16(position)) {
          throw ChainFault(words: "descriptor \(position) belongs to a chain in flight")
        }
        request.descriptors.append(UInt16(position))
      }
      let descriptor = ScriptedDescriptor(try bytes(at: table &+ 16 * UInt64(position), byteCount: 16))
      if descriptor.flags & ~7 != 0 { record("descriptor flags \(hex(descriptor.flags))") }
      if descriptor.isIndirect {
        tableCount = try checkTable(descriptor, insideTable: request.isIndirect)
        table = descriptor.address
        position = 0
        request.isIndirect = true
        continue
      }
      length += 1
      // Bounds a loop inside a table, too.
      guard length <= size else { throw ChainFault(words: "more than \(size) descriptors, the queue's size: a loop?") }
      total += UInt64(descriptor.length)
      guard total <= 1 << 32 else { throw ChainFault(words: "more than 4 GiB in one chain") }
      try add(descriptor, to: &request)
      if !descriptor.hasNext { return request }
      position = Int(descriptor.next)
    }
  }

  /// Entries of an indirect table.
  private func checkTable(_ descriptor: ScriptedDescriptor, insideTable: Bool) throws(ChainFault) -> Int {
    guard acceptedFeatures.contains(.indirectDescriptors) else {
      throw ChainFault(words: "INDIRECT without INDIRECT_DESC")
    }
    if insideTable { throw ChainFault(words: "INDIRECT inside a table") }
    if descriptor.hasNext { throw ChainFault(words: "INDIRECT and NEXT in one descriptor") }
    guard descriptor.length != 0, descriptor.length & 15 == 0 else {
      throw ChainFault(words: "table of \(descriptor.length) bytes, expected a multiple of 16")
    }
    return Int(descriptor.length / 16)
  }

  private func add(_ descriptor: ScriptedDescriptor, to request: inout ScriptedRequest) throws(ChainFault) {
    guard descriptor.length != 0 else { throw ChainFault(words: "a buffer without bytes") }
    let region = ScriptedRequest.Region(deviceAddress: descriptor.address, byteCount: Int(descriptor.length))
    if descriptor.isWritable {
      do throws(DeviceHeap.Fault) {
        _ = try heap.locate(descriptor.address, byteCount: region.byteCount, writing: true)
      } catch { throw ChainFault(words: error.words) }
      request.writableRegions.append(region)
    } else {
      guard request.writableRegions.isEmpty else {
        throw ChainFault(words: "a readable buffer behind a writable one")
      }
      request.readable += try bytes(at: descriptor.address, byteCount: region.byteCount)
      request.readableRegions.append(region)
    }
  }

  private func bytes(at address: UInt64, byteCount: Int) throws(ChainFault) -> [UInt8] {
    do throws(DeviceHeap.Fault) { return try heap.read(address, byteCount: byteCount) } catch {
      throw ChainFault(words: error.words)
    }
  }
}
