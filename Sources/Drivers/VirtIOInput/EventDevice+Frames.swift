public import DevicePlatform
public import InputEvents
public import VirtIO

extension EventDevice where T: ~Copyable {
  /// The most events that one call takes, so that a device cannot keep it busy for ever.
  @inlinable static var eventLimit: Int { 4096 }

  /// The next thing that happened. Never waits, allocates nothing.
  ///
  /// - Parameter frame: overwritten.
  /// - Returns: false when nothing has; then wait for an interrupt. Frames of motion that wait are joined, unless bring-up
  ///   was told not to.
  @inlinable
  public mutating func nextFrame(_ frame: inout InputFrame) -> Bool {
    frame.clear()
    for _ in 0..<Self.eventLimit {
      if assembly.isWhole, assembly.handOver(to: &frame) { break }
      guard let completion = events.complete() else {
        refill()
        break
      }
      let written = completion.written
      let buffer = completion.takeBuffer()
      let word = buffer.load64(at: 0)
      // Given back to its memory by a queue that takes nothing more.
      _ = events.submit(buffer, deviceWrites: true)
      taken &+= 1
      if untilGap != 0 { passGap() }
      if taken >= refillCount { refill() }
      guard written >= 8 else {
        assembly.ignore(.tooShort(byteCount: Int(written)))
        continue
      }
      assembly.add(InputEvent(word: word))
    }
    return frame.frameCount != 0
  }

  /// Shows the device the buffers that it has back.
  ///
  /// If it had fewer left than a frame may need, it may have thrown a frame away before it saw these: a device drops
  /// what it has no buffers for. The gap is in front of the first of them.
  ///
  /// SPEC: drivernormative:Device Types / Input Device / Device Operation
  @inlinable
  mutating func refill() {
    if taken == 0 || events.fault != nil || events.isReset { return afterLast() }
    let shown = events.indices.available
    events.publish()
    // Looked at afterwards, so that a device that ran out in the meantime is noticed. The device's word: at worst, the
    // caller hears of a loss that there was not.
    let left = shown &- events.deviceUsedIndex
    if left < margin || left > UInt16(truncatingIfNeeded: bufferCount) { untilGap = bufferCount &- taken &+ 1 }
    taken = 0
  }

  /// Fewer buffers than these may be too few for a frame.
  @inlinable var margin: UInt16 {
    UInt16(truncatingIfNeeded: max(1, min(assembly.longest, bufferCount / 2)))
  }

  @inlinable @inline(never)
  mutating func passGap() {
    untilGap &-= 1
    if untilGap == 0 { assembly.noteOverrun() }
  }

  @inlinable @inline(never)
  mutating func afterLast() {
    if events.fault != nil { failDevice() }
  }
}

extension InputEvent {
  /// Decodes a word of eight bytes.
  @inlinable
  init(word: UInt64) {
    self.init(
      InputEventType(rawValue: UInt16(truncatingIfNeeded: word)), code: UInt16(truncatingIfNeeded: word >> 16),
      value: Int32(truncatingIfNeeded: word >> 32))
  }

  /// As a word of eight bytes.
  var word: UInt64 { UInt64(type.rawValue) | UInt64(code) << 16 | UInt64(UInt32(bitPattern: value)) << 32 }

  /// Bytes of an event in memory.
  static var byteCount: Int { 8 }
}
