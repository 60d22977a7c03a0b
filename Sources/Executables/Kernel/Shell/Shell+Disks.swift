#if os(none)
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  extension Shell {
    /// A disk, or an error that says which there are.
    private func disk(_ name: String, _ command: String) throws(CommandError) -> any Disk {
      if let disk = table.disk(name) { return disk }
      let names =
        table.disks.isEmpty ? "a disk, and there is none" : table.disks.map { $0.name }.joined(separator: " or ")
      throw CommandError("\(command): NAME '\(name)', expected \(names)")
    }

    /// Prints sectors, 16 bytes a line: offset on the disk, hexadecimal, ASCII.
    func read(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("read NAME SECTOR [COUNT]", 2...3)
      let disk = try disk(arguments[0], "read")
      let sector = try arguments.number(1, "SECTOR", 0...UInt64.max)
      let count = arguments.count == 3 ? try arguments.number(2, "COUNT", 1...65_536) : 1
      try checkRange(disk, sector, count)
      var next = sector
      do throws(BlockError) {
        let block = SectorBlock(of: disk)
        var buffer = try block.allocate(memory)
        while next < sector + count {
          let first = block.firstSector(of: next)
          try disk.read(sector: first, into: &buffer)
          while next < sector + count, block.firstSector(of: next) == first {
            dump(buffer, at: Int(next - first) * 512, offset: next * 512)
            next += 1
          }
        }
      } catch {
        throw CommandError("read: \(disk.name), sector \(next): \(error.words)")
      }
    }

    private func checkRange(_ disk: any Disk, _ sector: UInt64, _ count: UInt64) throws(CommandError) {
      let end = disk.geometry.sectorCount
      guard sector < end, count <= end - sector else {
        throw CommandError(
          "\(disk.name): \(count) sectors from sector \(sector) on, expected sectors below \(end), where the disk ends")
      }
    }

    private func dump(_ buffer: borrowing DMABuffer, at start: Int, offset: UInt64) {
      for line in 0..<32 {
        var text: [UInt8] = []
        let address = offset + UInt64(line) * 16
        for shift in stride(from: UInt64(address >> 32 == 0 ? 28 : 60), through: 0, by: -4) {
          text.append(digit(address >> shift))
        }
        text.append(32)
        for column in 0..<16 {
          let byte = UInt64(buffer[start + line * 16 + column])
          text.append(32)
          text.append(digit(byte >> 4))
          text.append(digit(byte))
        }
        text += "  |".utf8
        for column in 0..<16 {
          let byte = buffer[start + line * 16 + column]
          text.append(32..<127 ~= byte ? byte : UInt8(ascii: "."))
        }
        text.append(UInt8(ascii: "|"))
        say(String(decoding: text, as: UTF8.self))
      }
    }

    /// Writes bytes over the start of a sector and on: reads the blocks that they lie in, changes them, writes them back.
    func write(_ arguments: CommandArguments) throws(CommandError) {
      try arguments.expect("write NAME SECTOR HEX", 3...3)
      let disk = try disk(arguments[0], "write")
      let sector = try arguments.number(1, "SECTOR", 0...UInt64.max)
      let bytes = try arguments.bytes(2, "HEX")
      if disk.geometry.isReadOnly { throw CommandError("write: \(disk.name): \(BlockRefusal.readOnly.words)") }
      try checkRange(disk, sector, UInt64(bytes.count + 511) / 512)
      var done = 0
      do throws(BlockError) {
        let block = SectorBlock(of: disk)
        var buffer = try block.allocate(memory)
        while done < bytes.count {
          let next = sector + UInt64(done / 512)
          let first = block.firstSector(of: next)
          let start = Int(next - first) * 512
          let count = min(bytes.count - done, buffer.count - start)
          try disk.read(sector: first, into: &buffer)
          buffer.put(Array(bytes[done..<done + count]), at: start)
          try disk.write(sector: first, from: &buffer)
          done += count
        }
        try disk.flush()
      } catch {
        throw CommandError("write: \(disk.name), \(done) of \(bytes.count) bytes written: \(error.words)")
      }
    }
  }

  /// Which block of a disk a sector lies in: requests are made of whole blocks.
  private struct SectorBlock {
    private let byteCount: Int
    private let sectors: UInt64

    init(of disk: any Disk) {
      byteCount = Int(disk.geometry.blockByteCount)
      sectors = UInt64(byteCount / BlockGeometry.sectorByteCount)
    }

    func firstSector(of sector: UInt64) -> UInt64 { sector / sectors * sectors }

    func allocate(_ memory: KernelMemory) throws(BlockError) -> DMABuffer {
      do throws(DMAError) { return try memory.allocate(byteCount: byteCount) } catch { throw .memory(error) }
    }
  }
#endif
