/// Why something on the network did not come about.
public enum HostError: Error, Equatable, Sendable {
  /// This machine has no address yet: see `NetworkHost.configure`.
  case noAddress
  /// Neither on the link nor is there a router.
  case noRoute(to: IPv4Address)
  /// Not an address of one machine.
  case badAddress(IPv4Address)
  /// Nothing of use came in time.
  case timedOut(waitingFor: Step)
  /// All buffers of the card are on their way, and none came back in time.
  case noBuffer
  /// More than a packet of this link takes.
  case tooLong(byteCount: Int, limit: Int)
  /// The DHCP server has taken its offer back.
  case leaseRefused
  /// There is no name server.
  case noNameServer
  /// Not a name: a label is empty or longer than 63 bytes, or all of it is longer than 253.
  case badName
  /// The name server's answer: 3 for a name that does not exist, 0 for one without an address.
  case nameNotResolved(code: UInt8)
  /// Not a file name: empty, longer than 255 bytes, or with a zero in it.
  case badFileName
  /// The server does not give the file; 1 means that there is none.
  case fileRefused(code: UInt16, message: String)
  /// The server has agreed to something that it was not asked for.
  case badOptions
  /// A block longer than agreed.
  case badBlock(number: UInt16, byteCount: Int, limit: Int)
  /// The file is longer than the caller wants.
  case fileTooLong(limit: Int)

  /// What was waited for.
  public enum Step: Equatable, Sendable {
    /// Who has this address.
    case card(of: IPv4Address)
    /// A DHCP server.
    case offer
    /// The DHCP server's last word.
    case lease
    /// The reply to an echo.
    case echoReply(from: IPv4Address)
    /// The name server's answer.
    case nameServer
    /// A file's next block, from 1, after so many bytes.
    case block(number: UInt16, after: Int)
  }

  /// In words.
  public var words: String {
    switch self {
    case .noAddress: "no address yet, expected one from dhcp"
    case .noRoute(let to): "no route to \(to.words): it is not on the link, and there is no router"
    case .badAddress(let address): "address \(address.words), expected that of one machine"
    case .timedOut(let step): "timed out waiting for \(step.words)"
    case .noBuffer: "all send buffers of the card are on their way"
    case .tooLong(let byteCount, let limit): "\(byteCount) bytes, expected at most \(limit)"
    case .leaseRefused: "the server has taken its offer back"
    case .noNameServer: "no name server is known"
    case .badName: "not a name, expected labels of 1 to 63 bytes with dots between, 253 bytes at most"
    case .nameNotResolved(let code): "the name server knows no address (code \(code))"
    case .badFileName: "not a file name, expected 1 to 255 bytes, none of them zero"
    case .fileRefused(let code, let message): "the server refuses: code \(code), '\(message)'"
    case .badOptions: "the server agrees to options that it was not asked for"
    case .badBlock(let number, let count, let limit): "block \(number) of \(count) bytes, expected at most \(limit)"
    case .fileTooLong(let limit): "the file is longer than \(limit) bytes"
    }
  }
}

extension HostError.Step {
  /// In words.
  public var words: String {
    switch self {
    case .card(let of): "\(of.words) to say which card it is"
    case .offer: "a DHCP server's offer"
    case .lease: "the DHCP server's acknowledgement"
    case .echoReply(let from): "an echo from \(from.words)"
    case .nameServer: "the name server"
    case .block(let number, let after): "block \(number) of the file, after \(after) bytes"
    }
  }
}
