#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// Many requests at once, and requests of many pieces.
  extension Tour {
    /// Fills the queue to its last place, publishes once, and takes the answers in whatever order they come.
    func checkQueueFull(_ disk: any Disk) {
      let capacity = disk.queue.capacity
      var sectorOfToken = [UInt64?](repeating: nil, count: disk.queue.size)
      let notifications = disk.queue.counters.notifications
      var isFull = false
      do throws(BlockError) {
        for index in 0...capacity {
          // Not in order, so that answers to the wrong request are noticed.
          let sector = UInt64(index * 37) % ScratchDisk.seededSectors
          switch disk.startRead(sector: sector, into: try allocate(512)) {
          case .accepted(let token): sectorOfToken[token.number] = sector
          case .refused(let refusal, let buffer):
            isFull = index == capacity && refusal == .queue(.full) && buffer.count == 512
          }
        }
      } catch {
        report.note("\(disk.name): \(error.words)")
      }
      report.expect(
        isFull && disk.queue.inFlight == capacity,
        "block: takes as many requests as the queue has room for, and no more",
        because: "\(disk.name): \(disk.queue.inFlight) in flight, expected \(capacity)")
      disk.publish()
      let rung = disk.queue.counters.notifications - notifications
      report.expect(rung <= 1, "block: publishes them with one notification at most")

      var answers = 0
      var isRight = true
      let deadline = clock.now + .seconds(10)
      while answers < capacity, clock.now < deadline {
        guard let completion = disk.complete() else { continue }
        answers += 1
        guard let sector = sectorOfToken[completion.token.number], completion.result == .done else {
          isRight = false
          continue
        }
        sectorOfToken[completion.token.number] = nil
        let buffer = completion.takeBuffer()
        if !buffer.holds(ScratchDisk.seed(of: sector)) { isRight = false }
      }
      report.expect(
        isRight && answers == capacity && disk.queue.inFlight == 0, "block: each answer belongs to its request",
        because: "\(disk.name): \(answers) answers, expected \(capacity); \(disk.queue.inFlight) still in flight")
    }

    /// Writes and reads a list of segments of different sizes, and reads the same in one piece.
    func checkSegments(_ disk: any Disk, boot: UInt64) {
      let sizes = Array([512, 2048, 512, 4096, 1024].prefix(disk.maximumSegments))
      let sectors = sizes.reduce(0, +) / 512
      var expected: [UInt8] = []
      for index in 0..<UInt64(sectors) {
        expected += ScratchDisk.pattern(sector: ScratchDisk.segmentSector + index, boot: boot)
      }
      var isRight = false
      do throws(BlockError) {
        let written = try finishSegments(
          disk, disk.startWrite(sector: ScratchDisk.segmentSector, from: try segments(sizes, filledWith: expected)))
        var whole = try allocate(expected.count)
        try disk.read(sector: ScratchDisk.segmentSector, into: &whole)
        isRight = written.count == sizes.count && whole.holds(expected)
        var read = try finishSegments(
          disk, disk.startRead(sector: ScratchDisk.segmentSector, into: try segments(sizes, filledWith: [])))
        if read.count != sizes.count { isRight = false }
        var end = expected.count
        while let segment = read.popLast() {
          end -= segment.count
          if end < 0 || !segment.holds(Array(expected[end..<end + segment.count])) { isRight = false }
        }
      } catch {
        report.note("\(disk.name): \(error.words)")
      }
      report.expect(isRight, "block: writes and reads lists of segments")

      var refused = false
      do throws(BlockError) {
        let many = [Int](repeating: 512, count: disk.maximumSegments + 1)
        switch disk.startRead(sector: 0, into: try segments(many, filledWith: [])) {
        case .accepted: break
        case .refused(let refusal, let list):
          refused =
            refusal == .queue(.tooManySegments(count: many.count, limit: disk.maximumSegments))
            && list.count == many.count
        }
      } catch {
        report.note("\(disk.name): \(error.words)")
      }
      report.expect(refused, "block: refuses more segments than a request can have")
    }

    private func segments(_ sizes: [Int], filledWith bytes: [UInt8]) throws(BlockError) -> SegmentList {
      var list = SegmentList(capacity: sizes.count)
      var offset = 0
      for size in sizes {
        var buffer = try allocate(size)
        if !bytes.isEmpty { buffer.put(Array(bytes[offset..<offset + size])) }
        offset += size
        list.append(buffer)
      }
      return list
    }

    private func finishSegments(
      _ disk: any Disk, _ submission: consuming BlockSubmission<SegmentList>
    ) throws(BlockError) -> SegmentList {
      switch consume submission {
      case .refused(let refusal, _): throw .refused(refusal)
      case .accepted(let token):
        disk.publish()
        let deadline = clock.now + .seconds(5)
        while clock.now < deadline {
          guard let completion = disk.complete() else { continue }
          guard completion.token == token, completion.result == .done else { throw .failed(completion.result) }
          return completion.takeSegments()
        }
        throw .timedOut(status: disk.status)
      }
    }
  }
#endif
