#if os(none)
  import DevicePlatform

  /// Reads lines from the terminal. Carriage return, line feed, and the two together end a line; backspace and delete
  /// take the last byte back.
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

    /// - Parameters:
    ///   - echoes: what is typed is written back.
    ///   - idle: called again and again while nothing is typed.
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
          relaxProcessor()
          continue
        }
        let isSecondHalf = byte == 10 && wasCarriageReturn
        wasCarriageReturn = byte == 13
        switch byte {
        case 10 where isSecondHalf: break
        case 10, 13:
          if echoes { terminal.write("\n") }
          return count > Self.limit ? .tooLong(byteCount: count) : .text(String(decoding: bytes, as: UTF8.self))
        case 8, 127:
          guard count > 0 else { break }
          count -= 1
          if count < bytes.count { bytes.removeLast() }
          if echoes { terminal.write("\u{8} \u{8}") }
        case 0..<32: break  // other control characters mean nothing here
        default:
          count += 1
          if bytes.count < Self.limit { bytes.append(byte) }
          if echoes { terminal.write(String(decoding: [byte], as: UTF8.self)) }
        }
      }
    }
  }
#endif
