import DevicePlatform
import PCI
import VirtIO

/// The MSI-X table of a device, as far as it is used: which message each vector sends, and what it means.
struct PCIMessageTable<Registers: RegisterAccess>: Sendable {
  /// The entries in use.
  private let entries: Registers
  /// How many vectors are in use, at least one.
  let count: Int

  /// Vector 0 is the configuration's; queues take the others in turn, or share vector 0 when there is no other.
  static var configurationVector: UInt16 { 0 }

  /// The vector of a queue.
  func vector(ofQueue index: UInt16) -> UInt16 { count == 1 ? 0 : 1 + index % UInt16(count - 1) }

  /// What an interrupt of a vector can mean: all reasons that share it.
  func meaning(ofVector vector: Int) -> DeviceEvents {
    if count == 1 { return [.usedBuffers, .configurationChanged] }
    return vector == Int(Self.configurationVector) ? .configurationChanged : .usedBuffers
  }

  /// Maps the table and fills it in, each entry masked while it changes.
  ///
  /// - Parameter messages: at least one; those beyond the table's end are not used.
  init<Mapper: RegisterMapper>(
    _ capability: MSIXCapability, messages: [InterruptMessage], placement: Placement, mapper: Mapper
  ) throws(TransportError) where Mapper.Registers == Registers {
    let count = min(messages.count, capability.count)
    let byteCount = UInt64(count * MSIXCapability.entryByteCount)
    guard let location = placement.location(ofBAR: capability.bar), location.space == .memory else {
      throw .barUnusable(index: capability.bar)
    }
    guard capability.tableOffset <= location.byteCount, byteCount <= location.byteCount - capability.tableOffset else {
      throw .windowOutOfRange(
        "MSI-X table", offset: capability.tableOffset, byteCount: byteCount, limit: location.byteCount)
    }
    // Whole pages of the BAR before it, so that a platform never sees an odd address.
    let start = capability.tableOffset & ~0xfff
    let inside = Int(capability.tableOffset - start)
    guard
      let window = mapper.map(
        address: location.address + start, byteCount: UInt64(inside) + byteCount, space: .memory),
      window.byteCount >= inside + Int(byteCount)
    else { throw .barUnusable(index: capability.bar) }
    entries = window.window(at: inside, byteCount: Int(byteCount))
    self.count = count
    for (vector, message) in messages.prefix(count).enumerated() {
      setMasked(true, vector)
      let entry = vector * MSIXCapability.entryByteCount
      entries.store32(UInt32(truncatingIfNeeded: message.address), at: entry)
      entries.store32(UInt32(truncatingIfNeeded: message.address >> 32), at: entry + 4)
      entries.store32(message.data, at: entry + 8)
      setMasked(false, vector)
    }
  }

  /// Masks or unmasks a vector. A masked one's interrupt is sent when it is unmasked.
  func setMasked(_ isMasked: Bool, _ vector: Int) {
    let control = vector * MSIXCapability.entryByteCount + 12
    entries.store32(isMasked ? 1 : 0, at: control)
  }
}
