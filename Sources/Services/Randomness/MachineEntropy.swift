public import DeviceTraits

/// An entropy pool and the devices that feed it: random bytes for a whole machine, from as many sources as it has.
///
/// A device is asked only when the pool wants something, and never for more. One that fails gives nothing, and the
/// others go on.
public final class MachineEntropy: EntropySource {
  private var pool: EntropyPool
  private var feeds: [Feed] = []

  private struct Feed {
    let device: any EntropySource
    let source: PoolSource
    var failure: EntropyFailure?
  }

  /// Nobody feeds it yet.
  public init(options: EntropyPoolOptions = EntropyPoolOptions()) { pool = EntropyPool(options: options) }

  /// Has a device feed the pool.
  ///
  /// - Parameters:
  ///   - device: the pool is its one owner from now on.
  ///   - bitsPerByte: the least entropy of one of its bytes, 1 ... 8, in the view of a careful owner.
  /// - Returns: false when there are as many as can be.
  public func add(_ device: any EntropySource, bitsPerByte: Int) -> Bool {
    guard let source = pool.addSource(bitsPerByte: bitsPerByte) else { return false }
    feeds.append(Feed(device: device, source: source))
    return true
  }

  /// How many devices feed it.
  public var sourceCount: Int { feeds.count }
  /// How often the pool was seeded.
  public var seedCount: UInt64 { pool.seedCount }
  /// True when `fill` gives bytes without asking a device.
  public var isReady: Bool { pool.isReady }

  /// How a source is, by its place among those that were added.
  public func health(ofSource index: Int) -> SourceHealth { pool.health(of: feeds[index].source) }
  /// Why a device gave nothing when it was asked last; nil when it did.
  public func failure(ofSource index: Int) -> EntropyFailure? { feeds[index].failure }

  /// Asks each device for what the pool wants of it.
  public func collect() {
    for index in feeds.indices {
      let wanted = pool.wantedByteCount(from: feeds[index].source)
      if wanted == 0 { continue }
      var bytes = [UInt8](repeating: 0, count: wanted)
      var span = bytes.mutableSpan
      do throws(EntropyFailure) {
        try feeds[index].device.fill(&span)
        feeds[index].failure = nil
        pool.add(bytes.span, from: feeds[index].source)
      } catch {
        feeds[index].failure = error
      }
      // What was taken in does not stay behind.
      for position in bytes.indices { bytes[position] = 0 }
    }
  }

  /// Fills memory with random bytes of the pool; asks the devices first if it wants to be fed.
  public func fill(_ destination: inout MutableSpan<UInt8>) throws(EntropyFailure) {
    var done = 0
    while done < destination.count {
      // Once for the tests of new sources, once for the seed.
      for _ in 0..<2 where !pool.isReady { collect() }
      let count = min(destination.count - done, 65_536)
      var part = [UInt8](repeating: 0, count: count)
      var span = part.mutableSpan
      do throws(RandomRefusal) { try pool.fill(&span) } catch { throw EntropyFailure(error.words) }
      for index in 0..<count { destination[done + index] = part[index] }
      done += count
    }
    // A seed that is due is taken beforehand, so that the next call need not wait.
    collect()
  }
}
