/// Random bytes for a whole machine, from several sources that need not all be good.
///
/// Each source's bytes pass the health tests of NIST SP 800-90B and wait in the pool. When enough sources have given the
/// entropy of a whole seed each, all that waits seeds HMAC_DRBG with SHA-256 (SP 800-90A), which gives bytes out. So one
/// honest source among those required is enough, whatever the others give.
///
/// Nothing ever waits, nothing allocates. Back-pressure goes both ways: `wantedByteCount` says how much a source may give
/// (nothing, most of the time), and `fill` refuses while the pool is not seeded or used up.
public struct EntropyPool: ~Copyable {
  /// The most sources.
  public static let maximumSourceCount = 8
  /// Entropy of a first seed, in bits: the security strength, and half of it for the nonce (SP 800-90A, 8.6.7).
  static let firstSeedBits = 384
  /// Entropy of every later seed.
  static let nextSeedBits = 256

  let options: EntropyPoolOptions
  var sources = InlineArray<8, SourceState?>(repeating: nil)
  /// Bytes that wait for the next seeding, each source's in a part of its own.
  var pending = InlineArray<3072, UInt8>(repeating: 0)
  /// The size of such a part: the share of a source that has one bit a byte.
  static let partByteCount = 384
  var generator: HMACGenerator?
  /// Nothing is given out before the next seeding.
  var isStale = false
  /// Bytes given out since the last seeding.
  var drawn: UInt64 = 0
  /// How many sources there are.
  public internal(set) var sourceCount = 0
  /// How often the pool was seeded.
  public internal(set) var seedCount: UInt64 = 0

  /// A pool without sources.
  public init(options: EntropyPoolOptions = EntropyPoolOptions()) {
    precondition(1...Self.maximumSourceCount ~= options.sourcesRequired, "a pool needs 1 to 8 sources")
    precondition(options.reseedAfter <= options.refuseAfter, "a pool is reseeded before it is used up")
    self.options = options
  }

  /// Adds a source; nil when there are as many as can be.
  ///
  /// - Parameter bitsPerByte: the least entropy of one byte, 1 ... 8, in the view of a careful owner. Its health tests
  ///   follow from it: a claim that is too high makes a good source fail.
  public mutating func addSource(bitsPerByte: Int) -> PoolSource? {
    guard sourceCount < Self.maximumSourceCount else { return nil }
    sources[sourceCount] = SourceState(bitsPerByte: bitsPerByte)
    sourceCount += 1
    return PoolSource(number: sourceCount - 1)
  }

  /// How a source is.
  public func health(of source: PoolSource) -> SourceHealth { state(source).health }

  /// Begins with a source anew: after its device was reset, or replaced.
  public mutating func restart(_ source: PoolSource) {
    sources[source.number] = SourceState(bitsPerByte: state(source).bitsPerByte)
  }

  func state(_ source: PoolSource) -> SourceState {
    guard source.number < sourceCount, let state = sources[source.number] else {
      preconditionFailure("a source of this pool")
    }
    return state
  }

  /// True when `fill` would give bytes.
  public var isReady: Bool { refusal == nil }

  /// From now on nothing is given out before the pool is seeded again: after the machine was copied or put back to an
  /// earlier state.
  public mutating func requireSeeding() { isStale = true }

  /// Why nothing would be given out at the moment.
  var refusal: RandomRefusal? {
    if generator == nil || isStale {
      return .notSeeded(sourcesReady: readySourceCount, required: options.sourcesRequired)
    }
    if drawn >= options.refuseAfter {
      return .usedUp(sourcesReady: readySourceCount, required: options.sourcesRequired)
    }
    return nil
  }
}

/// How a pool is run.
public struct EntropyPoolOptions: Sendable {
  /// How many sources have to give a whole seed's entropy, each for itself, before the pool is seeded.
  public var sourcesRequired = 1
  /// After how many bytes the pool asks its sources for another seed.
  public var reseedAfter: UInt64 = 1 << 20
  /// After how many bytes it gives nothing out before it has got it.
  public var refuseAfter: UInt64 = 1 << 26

  /// The usual.
  public init() {}
}

/// Why a pool gave nothing out.
public enum RandomRefusal: Error, Equatable, Sendable {
  /// It has no seed yet, or none that may be used. How many sources have given their share, and how many have to.
  case notSeeded(sourcesReady: Int, required: Int)
  /// It gave out as much as it may since its last seeding.
  case usedUp(sourcesReady: Int, required: Int)
  /// More than 65 536 bytes at once.
  case tooLong(byteCount: Int, limit: Int)

  /// The refusal in one line.
  public var words: String {
    switch self {
    case .notSeeded(let ready, let required):
      "the entropy pool has no seed: \(ready) of \(required) sources have given their share"
    case .usedUp(let ready, let required):
      "the entropy pool is used up: \(ready) of \(required) sources have given their share of a new seed"
    case .tooLong(let byteCount, let limit): "\(byteCount) random bytes at once, the limit is \(limit)"
    }
  }
}
