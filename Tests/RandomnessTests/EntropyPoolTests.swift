import Testing

@testable import Randomness

/// The pool: seeding, back-pressure both ways, sources that fail.
struct EntropyPoolTests {
  private func refusal(_ body: () throws(RandomRefusal) -> Void) -> RandomRefusal? {
    do throws(RandomRefusal) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  /// The generator that a pool with this material must have: the mixing, computed apart from the pool.
  private func expected(_ seeds: [[UInt8]], _ count: Int) -> [UInt8] {
    let nothing: [UInt8] = []
    let first = seeds[0]
    var generator = HMACGenerator(entropy: first.span, personalization: nothing.span)
    for seed in seeds.dropFirst() { generator.reseed(entropy: seed.span, additional: nothing.span) }
    var output = [UInt8](repeating: 0, count: count)
    var span = output.mutableSpan
    generator.generate(into: &span, additional: nothing.span)
    return output
  }

  @Test func fill_withoutSources_isRefusedAndTouchesNothing() {
    var pool = EntropyPool()
    var bytes = [UInt8](repeating: 0xee, count: 16)
    let refused = refusal { () throws(RandomRefusal) in
      var span = bytes.mutableSpan
      try pool.fill(&span)
    }
    #expect(refused == .notSeeded(sourcesReady: 0, required: 1))
    #expect(bytes == [UInt8](repeating: 0xee, count: 16))
    #expect(pool.isReady == false)
  }

  @Test(arguments: 1...8) func oneSource_seedsAfterItsStartUpAndItsShare(bits: Int) throws {
    var pool = EntropyPool()
    let source = try pool.source(bits)
    #expect(pool.health(of: source) == .starting(samplesLeft: 1024))
    let share = (384 + bits - 1) / bits
    #expect(pool.wantedByteCount(from: source) == 1024 + share)
    var noise = NoiseSource(state: 3)
    let given = noise.next(1024 + share)
    // Offered with more behind it: what is not wanted is not taken.
    #expect(pool.add(Array(given[..<1023]), from: source) == 1023)
    #expect(pool.health(of: source) == .starting(samplesLeft: 1))
    #expect(pool.add(Array(given[1023..<1024 + share - 1]), from: source) == share)
    #expect(pool.health(of: source) == .good)
    #expect(pool.isReady == false)
    #expect(pool.add(Array(given[(1024 + share - 1)...]) + [1, 2, 3], from: source) == 1)
    #expect(pool.isReady == true && pool.seedCount == 1)
    #expect(pool.wantedByteCount(from: source) == 0)
    #expect(pool.add([1, 2, 3], from: source) == 0)
    // The samples of the start-up are not in it.
    #expect(try pool.draw(100) == expected([Array(given[1024...])], 100))
  }

  @Test func twoSources_bothRequired_seedTogether() throws {
    var options = EntropyPoolOptions()
    options.sourcesRequired = 2
    var pool = EntropyPool(options: options)
    let first = try pool.source(8)
    let second = try pool.source(4)
    var (a, b) = (NoiseSource(state: 1), NoiseSource(state: 2))
    let fromFirst = a.next(1024 + 48)
    let fromSecond = b.next(1024 + 96)
    #expect(pool.add(fromSecond, from: second) == 1024 + 96)
    #expect(pool.wantedByteCount(from: second) == 0)
    let refused = refusal { () throws(RandomRefusal) in _ = try pool.draw(1) }
    #expect(refused == .notSeeded(sourcesReady: 1, required: 2))
    #expect(pool.add(fromFirst, from: first) == 1024 + 48)
    #expect(pool.isReady == true)
    #expect(try pool.draw(64) == expected([Array(fromFirst[1024...] + fromSecond[1024...])], 64))
  }

  @Test func partialShareOfAnotherSource_isMixedIn() throws {
    var pool = EntropyPool()
    let first = try pool.source(8)
    let second = try pool.source(8)
    var (a, b) = (NoiseSource(state: 1), NoiseSource(state: 2))
    let some = b.next(1024 + 5)
    #expect(pool.add(some, from: second) == 1029)
    let whole = a.next(1024 + 48)
    #expect(pool.add(whole, from: first) == 1072)
    #expect(try pool.draw(32) == expected([Array(whole[1024...] + some[1024...])], 32))
  }

  @Test func reseeding_isAskedForAfterTheLimitAndRequiredAfterTheNext() throws {
    var options = EntropyPoolOptions()
    options.reseedAfter = 100
    options.refuseAfter = 200
    var pool = EntropyPool(options: options)
    let source = try pool.source(8)
    var noise = NoiseSource(state: 9)
    pool.satisfy(source, &noise)
    _ = try pool.draw(99)
    #expect(pool.wantedByteCount(from: source) == 0)
    _ = try pool.draw(1)
    #expect(pool.wantedByteCount(from: source) == 32)
    _ = try pool.draw(100)
    let refused = refusal { () throws(RandomRefusal) in _ = try pool.draw(1) }
    #expect(refused == .usedUp(sourcesReady: 0, required: 1))
    pool.satisfy(source, &noise)
    #expect(pool.seedCount == 2)
    #expect(pool.wantedByteCount(from: source) == 0)
    _ = try pool.draw(1)
  }

  @Test func requireSeeding_stopsTheOutputUntilThen() throws {
    var pool = EntropyPool()
    let source = try pool.source(8)
    var noise = NoiseSource(state: 9)
    pool.satisfy(source, &noise)
    pool.requireSeeding()
    let refused = refusal { () throws(RandomRefusal) in _ = try pool.draw(1) }
    #expect(refused == .notSeeded(sourcesReady: 0, required: 1))
    pool.satisfy(source, &noise)
    _ = try pool.draw(1)
    #expect(pool.seedCount == 2)
  }

  @Test func stuckSource_countsForNothingAndTheOtherGoesOn() throws {
    var pool = EntropyPool()
    let stuck = try pool.source(8)
    let good = try pool.source(8)
    var noise = NoiseSource(state: 4)
    // Good for a while: some of its share is in.
    #expect(pool.add(noise.next(1024 + 40), from: stuck) == 1064)
    #expect(pool.add([UInt8](repeating: 0, count: 100), from: stuck) < 100)
    guard case .failed(.repeated(byte: 0, count: 5)) = pool.health(of: stuck) else {
      Issue.record("found \(pool.health(of: stuck))")
      return
    }
    #expect(pool.wantedByteCount(from: stuck) == 0)
    #expect(pool.add(noise.next(100), from: stuck) == 0)
    #expect(pool.isReady == false)
    let share = noise.next(1024 + 48)
    #expect(pool.add(share, from: good) == 1072)
    #expect(try pool.draw(32) == expected([Array(share[1024...])], 32))
    // Its device was reset: it begins again.
    pool.restart(stuck)
    #expect(pool.health(of: stuck) == .starting(samplesLeft: 1024))
  }

  @Test func failingSource_restartedManyTimes_neverOverflowsItsPart() throws {
    var pool = EntropyPool()
    var last: PoolSource?
    for _ in 0..<EntropyPool.maximumSourceCount { last = try pool.source(1) }
    let another = pool.addSource(bitsPerByte: 1)
    #expect(another == nil)
    let source = try #require(last)
    var noise = NoiseSource(state: 4)
    for _ in 0..<20 {
      #expect(pool.add(noise.next(1024 + 383), from: source) == 1407)
      #expect(pool.isReady == false)
      pool.restart(source)
    }
    pool.satisfy(source, &noise)
    #expect(pool.isReady == true)
  }

  @Test func fill_tooLong_isRefused() throws {
    var pool = EntropyPool()
    let source = try pool.source(8)
    var noise = NoiseSource(state: 6)
    pool.satisfy(source, &noise)
    let refused = refusal { () throws(RandomRefusal) in _ = try pool.draw(65_537) }
    #expect(refused == .tooLong(byteCount: 65_537, limit: 65_536))
    #expect(try pool.draw(65_536) != [UInt8](repeating: 0xee, count: 65_536))
    #expect(try pool.draw(0) == [])
    let words = [try pool.nextWord(), try pool.nextWord()]
    #expect(words[0] != words[1])
  }
}
