/// What the emulator finds where a split virtqueue's available ring points: a chain of descriptors, in a table or not.
public struct VirtIOElementReport: Equatable, Sendable {
  /// A descriptor of the chain.
  public struct Segment: Equatable, Sendable {
    /// Where the device finds the bytes.
    public var address: UInt64
    /// How many there are.
    public var byteCount: UInt64
    /// True if the device writes them.
    public var deviceWrites: Bool

    /// A segment as it is reported; for comparisons.
    public init(address: UInt64, byteCount: UInt64, deviceWrites: Bool) {
      self.address = address
      self.byteCount = byteCount
      self.deviceWrites = deviceWrites
    }
  }

  /// The number of the chain's head.
  public var head: UInt64
  /// The chain's descriptors, in their order.
  public var segments: [Segment]
  /// avail.flags as the driver has it in memory.
  public var availableFlags: UInt64
  /// avail.idx as the driver has it in memory.
  public var availableIndex: UInt64
  /// used.flags as the device has it in memory.
  public var usedFlags: UInt64
  /// used.idx as the device has it in memory.
  public var usedIndex: UInt64
}

extension QMPConnection {
  /// What the emulator finds at an entry of a queue's available ring.
  ///
  /// - Parameter position: of the entry, counted without end; the ring's size is taken off.
  public func queueElement(
    _ path: String, queue: Int, position: UInt16
  ) throws(QTestError) -> VirtIOElementReport {
    let command = "x-query-virtio-queue-element"
    let answer = try execute(
      command,
      ["path": .string(path), "queue": .integer(Int64(queue)), "index": .integer(Int64(position))])
    func number(_ value: QMPValue?) throws(QTestError) -> UInt64 {
      guard let number = value?.unsigned else { throw .malformed(what: command, found: "\(answer)") }
      return number
    }
    var segments: [VirtIOElementReport.Segment] = []
    // QEMU names the last descriptor first.
    for entry in (answer["descs"]?.elements ?? []).reversed() {
      let flags = entry["flags"]?.elements?.compactMap(\.text) ?? []
      segments.append(
        .init(
          address: try number(entry["addr"]), byteCount: try number(entry["len"]),
          deviceWrites: flags.contains("write")))
    }
    return VirtIOElementReport(
      head: try number(answer["index"]), segments: segments,
      availableFlags: try number(answer["avail"]?["flags"]), availableIndex: try number(answer["avail"]?["idx"]),
      usedFlags: try number(answer["used"]?["flags"]), usedIndex: try number(answer["used"]?["idx"]))
  }
}
