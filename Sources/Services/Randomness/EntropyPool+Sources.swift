public import DevicePlatform

/// The sources' side.
extension EntropyPool {
  /// How many bytes of this source the pool would take now. 0 most of the time: then there is no need to ask the device.
  ///
  /// A source that is being tested gives its samples for that first; a failed one gives nothing.
  public func wantedByteCount(from source: PoolSource) -> Int {
    let state = state(source)
    let missing = max(0, shareBits - state.pendingBits)
    let share = (missing + state.bitsPerByte - 1) / state.bitsPerByte
    switch state.health {
    case .failed: return 0
    case .starting(let left): return left + share
    case .good: return wantsSeed ? share : 0
    }
  }

  /// Takes bytes of a source: tests them, keeps what is wanted, and seeds the generator when that makes enough.
  ///
  /// - Returns: how many bytes were used, those that were only tested included. The rest is not looked at: there is no
  ///   room, no need, or the source has failed.
  @discardableResult
  public mutating func add(_ bytes: Span<UInt8>, from source: PoolSource) -> Int {
    var count = 0
    while count < bytes.count, addByte(bytes[count], from: source) { count += 1 }
    return count
  }

  /// Takes the first bytes of a buffer that came back from a device: see the other form.
  ///
  /// - Parameters:
  ///   - buffer: unchanged.
  ///   - byteCount: how many of its bytes are random, by the device's word; cut down to the buffer's size.
  @discardableResult
  public mutating func add(_ buffer: borrowing DMABuffer, byteCount: Int, from source: PoolSource) -> Int {
    var count = 0
    while count < min(byteCount, buffer.count), addByte(buffer[count], from: source) { count += 1 }
    return count
  }

  /// True when the byte was used, if only for a test.
  private mutating func addByte(_ byte: UInt8, from source: PoolSource) -> Bool {
    guard wantedByteCount(from: source) > 0 else { return false }
    var state = state(source)
    let isUsable = state.accept(byte)
    if isUsable {
      pending[source.number * Self.partByteCount + state.pendingCount] = byte
      state.pendingCount += 1
    }
    sources[source.number] = state
    if isUsable, readySourceCount >= options.sourcesRequired { seed() }
    return true
  }

  /// Entropy that a source has to give for the next seeding.
  var shareBits: Int { generator == nil ? Self.firstSeedBits : Self.nextSeedBits }

  /// Whether another seeding is due.
  var wantsSeed: Bool { generator == nil || isStale || drawn >= options.reseedAfter }

  /// How many sources have given their share.
  var readySourceCount: Int {
    var count = 0
    for index in 0..<sourceCount {
      if let state = sources[index], state.pendingBits >= shareBits { count += 1 }
    }
    return count
  }

  /// All that waits goes into the generator.
  private mutating func seed() {
    // The parts move up to each other: no byte moves towards the end.
    var count = 0
    for number in 0..<sourceCount {
      for index in 0..<(sources[number]?.pendingCount ?? 0) {
        pending[count] = pending[number * Self.partByteCount + index]
        count += 1
      }
      sources[number]?.pendingCount = 0
    }
    let nothing = InlineArray<0, UInt8>(repeating: 0)
    if var seeded = generator {
      seeded.reseed(entropy: pending.span.extracting(0..<count), additional: nothing.span)
      generator = seeded
    } else {
      generator = HMACGenerator(entropy: pending.span.extracting(0..<count), personalization: nothing.span)
    }
    for index in pending.indices { pending[index] = 0 }
    drawn = 0
    isStale = false
    seedCount &+= 1
  }
}
