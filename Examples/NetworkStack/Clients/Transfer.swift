/// How far the fetching of a file has come.
struct Transfer {
  let name: String
  let server: IPv4Address
  let local: UInt16
  /// The largest block to ask for.
  let blockLimit: Int
  /// The server's port for this file; nil before its first answer.
  private(set) var remote: UInt16?
  /// The last block that came; 0 also for the server's options.
  private(set) var acknowledged: UInt16 = 0
  private(set) var isDone = false
  private var hasBegun = false
  var result = FileTransfer()

  init(name: String, server: IPv4Address, local: UInt16, blockLimit: Int) {
    self.name = name
    self.server = server
    self.local = local
    self.blockLimit = blockLimit
  }

  /// What a message means.
  enum Step {
    /// The next block, and where it is.
    case new(Range<Int>)
    /// The server's options, to be acknowledged.
    case agreed
    /// Something that was there before, or comes too early.
    case old
    /// The end, and what to tell the server.
    case failed(HostError, code: UInt16?)
  }

  mutating func take(_ message: TFTPMessage, from port: UInt16, limit: Int) -> Step {
    switch message {
    case .error(let code, let message): return .failed(.fileRefused(code: code, message: message), code: nil)
    case .options(let size):
      // Again, because the acknowledgement was lost.
      if remote != nil { return .old }
      remote = port
      guard let size, 8...blockLimit ~= size else { return .failed(.badOptions, code: 8) }
      result.blockByteCount = size
      return .agreed
    case .badOptions:
      if remote != nil { return .old }
      remote = port
      return .failed(.badOptions, code: 8)
    case .data(let block, let range):
      guard block == acknowledged &+ 1, hasBegun || block == 1 else { return .old }
      // The first block without options: the server knows none.
      remote = port
      guard range.count <= result.blockByteCount else {
        return .failed(
          .badBlock(number: block, byteCount: range.count, limit: result.blockByteCount), code: 4)
      }
      guard range.count <= limit - result.byteCount else { return .failed(.fileTooLong(limit: limit), code: 3) }
      hasBegun = true
      acknowledged = block
      result.byteCount += range.count
      result.blockCount += 1
      isDone = range.count < result.blockByteCount
      return .new(range)
    }
  }
}
