#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// Reads a whole disk, several large requests in flight, and computes its CRC-32.
  struct DiskChecksum {
    /// How it ended.
    enum Outcome {
      case checksum(UInt32)
      /// Why there is none, in one line.
      case failed(String)
    }

    /// One of the places for requests. Requests finish in any order, places are emptied in turn.
    private final class Place {
      var buffer = DMABuffer()
      var isDone = false
    }

    private let disk: any Disk
    private let memory: KernelMemory
    private let clock: CounterClock
    private let chunkByteCount: Int
    private let places: [Place]
    /// The place of each request in flight, by its token's number.
    private var placeOfToken: [Int]
    private var crc = CRC32()
    private var failure: String?

    /// For a disk with nothing in flight.
    init(of disk: any Disk, memory: KernelMemory, clock: CounterClock) {
      self.disk = disk
      self.memory = memory
      self.clock = clock
      let block = Int(disk.geometry.blockByteCount)
      let limit = Int(disk.geometry.segmentSizeLimit ?? .max)
      chunkByteCount = max(block, min(128 << 10, limit) & ~(block - 1))
      placeOfToken = Array(repeating: 0, count: disk.queue.size)
      places = (0..<min(8, disk.queue.capacity)).map { _ in Place() }
    }

    /// Reads and computes. Nothing is in flight afterwards, unless the device stopped answering.
    mutating func run() -> Outcome {
      let byteCount = disk.geometry.byteCount
      let chunks = (byteCount + UInt64(chunkByteCount) - 1) / UInt64(chunkByteCount)
      var started: UInt64 = 0
      var added: UInt64 = 0
      var deadline = clock.now + .seconds(10)
      while added < chunks, failure == nil {
        while started < chunks, started - added < UInt64(places.count), failure == nil {
          start(started, of: byteCount)
          started += 1
        }
        disk.publish()
        if takeCompletions() { deadline = clock.now + .seconds(10) }
        while added < started, failure == nil, places[place(added)].isDone {
          places[place(added)].isDone = false
          crc.add(places[place(added)].buffer)
          added += 1
        }
        if failure == nil, clock.now > deadline { failure = "no answer within 10 s" }
      }
      deadline = clock.now + .seconds(10)
      while disk.queue.inFlight > 0, clock.now < deadline { _ = takeCompletions() }
      return failure.map { .failed($0) } ?? .checksum(crc.value)
    }

    private func place(_ chunk: UInt64) -> Int { Int(chunk % UInt64(places.count)) }

    private mutating func start(_ chunk: UInt64, of byteCount: UInt64) {
      let offset = chunk * UInt64(chunkByteCount)
      let size = Int(min(UInt64(chunkByteCount), byteCount - offset))
      let place = place(chunk)
      var buffer = DMABuffer()
      swap(&buffer, &places[place].buffer)
      if buffer.count != size {
        do throws(DMAError) { buffer = try memory.allocate(byteCount: size) } catch {
          failure = error.words
          return
        }
      }
      switch disk.startRead(sector: offset / UInt64(BlockGeometry.sectorByteCount), into: buffer) {
      case .accepted(let token): placeOfToken[token.number] = place
      case .refused(let refusal, _): failure = refusal.words
      }
    }

    /// - Returns: whether there was one.
    private mutating func takeCompletions() -> Bool {
      var isAny = false
      while let completion = disk.complete() {
        isAny = true
        if completion.result != .done { failure = completion.result.words }
        let place = places[placeOfToken[completion.token.number]]
        place.buffer = completion.takeBuffer()
        place.isDone = true
      }
      return isAny
    }
  }
#endif
