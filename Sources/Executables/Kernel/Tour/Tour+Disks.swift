#if os(none)
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  extension Tour {
    /// The disk that is the tour's to write.
    var scratchDisk: (any Disk)? {
      for disk in table.disks {
        do throws(BlockError) {
          if try String(decoding: disk.identifier(), as: UTF8.self) == ScratchDisk.identifier { return disk }
        } catch {
          report.note("\(disk.name): no identifier: \(error.words)")
        }
      }
      return nil
    }

    /// Reads the whole disk, and says how large it is and what its checksum is.
    func describe(_ disk: any Disk) {
      var checksum = DiskChecksum(of: disk, memory: memory, clock: clock)
      let what = "block: \(disk.name) can be read from end to end"
      switch checksum.run() {
      case .checksum(let value):
        report.note("\(disk.name): \(disk.geometry.byteCount) bytes, crc32 \(eightDigits(value))")
        report.expect(true, what)
      case .failed(let reason): report.fail(what, because: "\(disk.name): \(reason)")
      }
    }

    /// Looks at the scratch disk from all sides.
    func visit(_ disk: any Disk) {
      let geometry = disk.geometry
      guard geometry.sectorCount >= 2 * ScratchDisk.seededSectors, !geometry.isReadOnly, geometry.blockByteCount == 512
      else {
        return report.fail(
          "block: the scratch disk can be used",
          because: "\(disk.name): \(geometry.sectorCount) sectors, block size \(geometry.blockByteCount), read-only "
            + "\(geometry.isReadOnly); expected at least \(2 * ScratchDisk.seededSectors), 512 and false")
      }
      report.note("\(disk.name): the scratch disk")
      checkSeed(disk)
      let boot = checkBootRecord(disk)
      checkWriting(disk, boot: boot)
      checkFlush(disk)
      checkQueueFull(disk)
      checkSegments(disk, boot: boot)
      checkBounds(disk)
    }

    private func checkSeed(_ disk: any Disk) {
      let what = "block: reads the seeded pattern"
      do throws(BlockError) {
        var buffer = try allocate(8 * 512)
        var isRight = true
        for sector: UInt64 in [0, 1, 8, 1000, ScratchDisk.seededSectors - 8] {
          try disk.read(sector: sector, into: &buffer)
          for index in 0..<8 where !buffer.holds(ScratchDisk.seed(of: sector + UInt64(index)), at: index * 512) {
            isRight = false
          }
        }
        report.expect(isRight, what)
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    /// A sector that survives the boot: `vireo boot` and a number, padded with zeros.
    ///
    /// - Returns: which boot of this disk it is, 1 the first.
    private func checkBootRecord(_ disk: any Disk) -> UInt64 {
      let what = "block: what the last boot wrote is there, and this one's can be read back"
      let label = Array("vireo boot ".utf8)
      var boot: UInt64 = 0
      do throws(BlockError) {
        var buffer = try allocate(512)
        try disk.read(sector: ScratchDisk.bootRecordSector, into: &buffer)
        var isRight = buffer.holds([UInt8](repeating: 0, count: 512))
        if !isRight, buffer.holds(label) {
          let text = buffer.array(512)[label.count...].prefix { $0 != 0 }
          boot = UInt64(String(decoding: text, as: UTF8.self)) ?? 0
          isRight = boot > 0 && boot < 1_000_000 && buffer.holds(bootRecord(boot))
          // And all that the last boot wrote elsewhere is as it left it.
          if isRight { isRight = try holdsWriting(disk, boot: boot) }
        }
        boot += 1
        buffer.put(bootRecord(boot))
        try disk.write(sector: ScratchDisk.bootRecordSector, from: &buffer)
        buffer.put([UInt8](repeating: 0xff, count: 512))
        try disk.read(sector: ScratchDisk.bootRecordSector, into: &buffer)
        report.note("\(disk.name): boot \(boot) of this disk")
        report.expect(isRight && buffer.holds(bootRecord(boot)), what)
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
      return boot
    }

    private func bootRecord(_ boot: UInt64) -> [UInt8] {
      let text = Array("vireo boot \(boot)".utf8)
      return text + [UInt8](repeating: 0, count: 512 - text.count)
    }

    private func holdsWriting(_ disk: any Disk, boot: UInt64) throws(BlockError) -> Bool {
      var buffer = try allocate(8 * 512)
      try disk.read(sector: ScratchDisk.writingSector, into: &buffer)
      for index in 0..<8 {
        let sector = ScratchDisk.writingSector + UInt64(index)
        if !buffer.holds(ScratchDisk.pattern(sector: sector, boot: boot), at: index * 512) { return false }
      }
      return true
    }

    private func checkWriting(_ disk: any Disk, boot: UInt64) {
      let what = "block: writes eight sectors and reads them back, and leaves their neighbours alone"
      do throws(BlockError) {
        var buffer = try allocate(8 * 512)
        for index in 0..<8 {
          let sector = ScratchDisk.writingSector + UInt64(index)
          buffer.put(ScratchDisk.pattern(sector: sector, boot: boot), at: index * 512)
        }
        try disk.write(sector: ScratchDisk.writingSector, from: &buffer)
        var isRight = try holdsWriting(disk, boot: boot)
        var neighbour = try allocate(512)
        for sector in [ScratchDisk.writingSector - 1, ScratchDisk.writingSector + 8] {
          neighbour.put([0xff])
          try disk.read(sector: sector, into: &neighbour)
          if !neighbour.holds([UInt8](repeating: 0, count: 512)) { isRight = false }
        }
        report.expect(isRight, what)
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    private func checkFlush(_ disk: any Disk) {
      let what = "block: flushes"
      let before = disk.queue.usedIndex
      do throws(BlockError) {
        try disk.flush()
        let requests = disk.features.contains(.Block.flush) ? 1 : 0
        report.expect(disk.queue.usedIndex &- before == requests, what)
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    /// More sectors than the disk has, and ranges that wrap around.
    private func checkBounds(_ disk: any Disk) {
      let end = disk.geometry.sectorCount
      var isRefused = true
      do throws(BlockError) {
        for (sector, count) in [(end, 1), (end - 1, 2), (end + 7, 1), (UInt64.max, 1), (UInt64.max - 1, 8)] {
          switch disk.startRead(sector: sector, into: try allocate(count * 512)) {
          case .accepted: isRefused = false
          case .refused(let refusal, let buffer):
            let expected = BlockRefusal.beyondCapacity(sector: sector, sectorCount: UInt64(count), capacity: end)
            if refusal != expected || buffer.count != count * 512 { isRefused = false }
          }
        }
        report.expect(isRefused && disk.queue.inFlight == 0, "block: refuses what lies beyond the disk's end")
        var buffer = try allocate(512)
        try disk.read(sector: end - 1, into: &buffer)
        report.expect(true, "block: reads the last sector")
      } catch {
        report.fail("block: reads the last sector", because: "\(disk.name): \(error.words)")
      }
    }

    /// A write to a disk that is read-only is refused before the device hears of it.
    func checkReadOnly(_ disk: any Disk) {
      let what = "block: refuses to write a read-only disk"
      let before = disk.queue.availableIndex
      do throws(BlockError) {
        var isRefused = false
        switch disk.startWrite(sector: 0, from: try allocate(Int(disk.geometry.blockByteCount))) {
        case .accepted: break
        case .refused(let refusal, _): isRefused = refusal == .readOnly
        }
        disk.publish()
        report.expect(isRefused && disk.queue.availableIndex == before, what)
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    /// A buffer for a request.
    func allocate(_ byteCount: Int) throws(BlockError) -> DMABuffer {
      do throws(DMAError) { return try memory.allocate(byteCount: byteCount) } catch { throw .memory(error) }
    }
  }

  /// Eight lower-case hexadecimal digits.
  func eightDigits(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
#endif
