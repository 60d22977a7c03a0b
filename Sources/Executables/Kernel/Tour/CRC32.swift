#if os(none)
  import DevicePlatform

  /// CRC-32 of IEEE 802.3, eight bytes at a time: reflected, polynomial 0x04c11db7, all ones before and inverted after.
  struct CRC32 {
    /// Eight tables of 256 entries: table n is for a byte that n more bytes follow.
    private let tables: [UInt32]
    private var state: UInt32 = .max

    /// Of no bytes.
    init() {
      var tables = [UInt32](repeating: 0, count: 8 * 256)
      for index in 0..<256 {
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
        tables[index] = value
      }
      for index in 256..<8 * 256 {
        let value = tables[index - 256]
        tables[index] = value >> 8 ^ tables[Int(value & 0xff)]
      }
      self.tables = tables
    }

    /// The checksum of all bytes so far.
    var value: UInt32 { ~state }

    /// Adds bytes.
    mutating func add(_ bytes: Span<UInt8>) {
      for index in bytes.indices { state = state >> 8 ^ tables[Int((state ^ UInt32(bytes[index])) & 0xff)] }
    }

    /// Adds the bytes of a buffer.
    mutating func add(_ buffer: borrowing DMABuffer) {
      let count = buffer.count
      var crc = state
      let wide = count & ~7
      // The span checks nothing per access, for speed; both loops end at `count`, the buffer's size.
      unsafe buffer.bytes.withUnsafeBytes { bytes in
        unsafe tables.withUnsafeBufferPointer { tables in
          var offset = 0
          while offset < wide {
            let low = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) ^ crc
            let high = unsafe bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
            crc =
              unsafe tables[1792 + Int(low & 0xff)] ^ tables[1536 + Int(low >> 8 & 0xff)]
              ^ tables[1280 + Int(low >> 16 & 0xff)] ^ tables[1024 + Int(low >> 24)]
            crc =
              unsafe crc ^ tables[768 + Int(high & 0xff)] ^ tables[512 + Int(high >> 8 & 0xff)]
              ^ tables[256 + Int(high >> 16 & 0xff)] ^ tables[Int(high >> 24)]
            offset += 8
          }
          while offset < count {
            crc = unsafe crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[offset])) & 0xff)]
            offset += 1
          }
        }
      }
      state = crc
    }
  }
#endif
