#if os(none)
  import DevicePlatform

  /// Reads lines from the terminal. Carriage return, line feed, and the two together end a line; backspace and delete
  /// take the last character back.
  struct LineReader {
    /// What was typed.
    enum Line {
      case text(String)
      /// More than `limit` bytes; all of them were thrown away.
      case tooLong(byteCount: Int)
    }

    /// The most bytes of a line: enough to write one and a half sectors. No input can fill the heap.
    static let limit = 2048

    private let echoes: Bool
    private let idle: () -> Void
    private var wasCarriageReturn = false
    // Bytes of a character that is not whole.
    private var part: [UInt8] = []

    /// - Parameters:
    ///   - echoes: what is typed is written back.
    ///   - idle: called again and again while nothing is typed; may wait.
    init(echoes: Bool, idle: @escaping () -> Void) {
      self.echoes = echoes
      self.idle = idle
    }

    /// Waits for a line.
    mutating func next() -> Line {
      var bytes: [UInt8] = []
      var count = 0
      while true {
        guard let byte = terminal.readByte() else {
          idle()
          continue
        }
        let isSecondHalf = byte == 10 && wasCarriageReturn
        wasCarriageReturn = byte == 13
        switch byte {
        case 10 where isSecondHalf: break
        case 10, 13:
          part = []
          if echoes { terminal.write("\n") }
          return count > Self.limit ? .tooLong(byteCount: count) : .text(String(decoding: bytes, as: UTF8.self))
        case 8, 127:
          guard count > 0 else { break }
          part = []
          count -= 1
          if count < bytes.count {
            while let last = bytes.popLast(), last & 0xc0 == 0x80 { count = max(0, count - 1) }
          }
          if echoes { terminal.write("\u{8} \u{8}") }
        case 0..<32: break  // other control characters mean nothing here
        default:
          count += 1
          if bytes.count < Self.limit { bytes.append(byte) }
          if echoes { echo(byte) }
        }
      }
    }

    /// Writes a character back when all of it is there.
    private mutating func echo(_ byte: UInt8) {
      part.append(byte)
      let length =
        switch part[0] {
        case 0xc0..<0xe0: 2
        case 0xe0..<0xf0: 3
        case 0xf0..<0xf8: 4
        default: 1
        }
      if part.count < length { return }
      terminal.write(String(decoding: part, as: UTF8.self))
      part = []
    }
  }
#endif
