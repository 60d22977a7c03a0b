import DevicePlatform
import Testing
import VirtIOTestSupport

@testable import NetworkStack

/// Files over a wire that loses, repeats and changes frames, and from servers that do not keep the rules.
struct FileTransferTests {
  static let server = IPv4Address(10, 0, 2, 2)

  private func contents(_ count: Int) -> [UInt8] {
    var state: UInt64 = 7
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: state >> 33)
    }
  }

  private func fetch(
    _ lab: Laboratory, limit: Int = 1 << 30
  ) throws(HostError) -> (FileTransfer, [UInt8]) {
    var bytes: [UInt8] = []
    let transfer = try lab.host.fetch("file", from: Self.server, waiter: &lab.waiter, limit: limit) { block in
      for index in block.indices { bytes.append(block[index]) }
    }
    return (transfer, bytes)
  }

  @Test(arguments: [0, 1, 511, 512, 513, 1427, 1428, 1429, 100_000], [nil, 1428, 8, 1468] as [Int?])
  func file_arrives(_ count: Int, _ blockLimit: Int?) throws {
    let lab = Laboratory()
    lab.waiter.limit = 100_000
    let gateway = Gateway()
    gateway.file = contents(count)
    gateway.blockLimit = blockLimit
    lab.network.peer = gateway.answer
    let (transfer, bytes) = try fetch(lab)
    #expect(bytes == gateway.file)
    let size = blockLimit ?? 512
    #expect(transfer.byteCount == count && transfer.blockByteCount == size && transfer.repetitions == 0)
    #expect(transfer.blockCount == count / size + 1 && lab.isSettled)
  }

  /// More blocks than their numbers can count.
  @Test func file_ofManyBlocks_arrives() throws {
    let lab = Laboratory()
    let gateway = Gateway()
    gateway.file = contents(8 * 66_000)
    gateway.blockLimit = 8
    lab.network.peer = gateway.answer
    let (transfer, bytes) = try fetch(lab)
    #expect(bytes == gateway.file && transfer.blockCount == 66_001)
  }

  /// What a wire does to the n-th frame on its way to the host.
  enum Wire: String, CaseIterable, CustomTestStringConvertible {
    case losesEveryThird, repeatsAll, swapsBytes, delaysOne
    var testDescription: String { rawValue }
  }

  @Test(arguments: Wire.allCases) func file_overABadWire_arrives(_ wire: Wire) throws {
    let lab = Laboratory()
    let gateway = Gateway()
    gateway.file = contents(60_000)
    lab.network.peer = gateway.answer
    var count = 0
    var kept: [UInt8]?
    lab.network.deliver = { frame in
      count += 1
      switch wire {
      case .losesEveryThird: return count % 3 == 0 ? [] : [frame]
      case .repeatsAll: return [frame, frame]
      case .swapsBytes:
        guard count % 4 == 0 else { return [frame] }
        var frame = frame
        frame[frame.count - 1] ^= 0x40
        return [frame]
      case .delaysOne:
        defer { kept = frame }
        return kept.map { [$0, frame] } ?? [frame]
      }
    }
    let (transfer, bytes) = try fetch(lab)
    #expect(bytes == gateway.file && lab.isSettled)
    #expect((transfer.repetitions > 0) == (wire == .losesEveryThird || wire == .swapsBytes))
  }

  @Test func file_missing_isSaid() {
    let lab = Laboratory()
    lab.network.peer = Gateway().answer
    #expect(throws: HostError.fileRefused(code: 1, message: "no ?such file")) {
      try lab.host.fetch("other", from: Self.server, waiter: &lab.waiter) { _ in }
    }
    #expect(lab.isSettled)
  }

  @Test func file_tooLong_isRefusedAndTheServerTold() {
    let lab = Laboratory()
    let gateway = Gateway()
    gateway.file = contents(5000)
    lab.network.peer = gateway.answer
    #expect(throws: HostError.fileTooLong(limit: 4000)) { try fetch(lab, limit: 4000) }
    #expect(lab.network.sent.last?[42...47] == [0, 5, 0, 3, 0, 0])
  }

  /// What the last message to the server is worth, when there is no buffer left for it: nothing. The file is whole, or the
  /// error is the one that it was about.
  @Test(arguments: [nil, 4000]) func file_noBufferForTheLastMessage_endsAsWithIt(limit: Int?) throws {
    let gateway = Gateway()
    gateway.file = contents(5000)
    func end(buffers: Int) -> (outcome: Result<[UInt8], HostError>, sent: Int) {
      let lab = Laboratory()
      lab.network.peer = gateway.answer
      lab.host.port.buffersLeft = buffers
      do throws(HostError) {
        return (.success(try fetch(lab, limit: limit ?? 1 << 30).1), lab.network.sent.count)
      } catch { return (.failure(error), lab.network.sent.count) }
    }
    let usual = end(buffers: .max)
    #expect(usual.outcome == (limit.map { .failure(.fileTooLong(limit: $0)) } ?? .success(gateway.file)))
    let short = end(buffers: usual.sent - 1)
    #expect(short.sent == usual.sent - 1 && short.outcome == usual.outcome)
    // The control: one fewer, and there is an end of another kind.
    #expect(end(buffers: usual.sent - 2).outcome == .failure(.noBuffer))
  }

  @Test(arguments: ["", String(repeating: "x", count: 256), "a\0b"]) func name_thatIsNone_isRefused(_ name: String) {
    let lab = Laboratory()
    #expect(throws: HostError.badFileName) {
      try lab.host.fetch(name, from: Self.server, waiter: &lab.waiter) { _ in }
    }
  }

  /// A server's first message, and what comes of it.
  struct Opening: CustomTestStringConvertible, Sendable {
    let message: [UInt8]
    let error: HostError
    let answer: [UInt8]?
    var testDescription: String { message.description }
  }

  private static func options(_ words: String) -> [UInt8] { [0, 6] + words.utf8.map { $0 == 0x2c ? 0 : $0 } }

  static let openings: [Opening] = [
    Opening(message: options("blksize,1469,"), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(message: options("blksize,7,"), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(message: options("blksize,99999999999999999999,"), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(message: options("blksize,-5,"), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(message: options("blksize,512"), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(message: options("blksize"), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(message: options("blksize,600,blksize,600,"), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(message: options("tsize,5,"), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(message: options(""), error: .badOptions, answer: [0, 5, 0, 8, 0]),
    Opening(
      message: [0, 3, 0, 1] + [UInt8](repeating: 1, count: 513),
      error: .badBlock(number: 1, byteCount: 513, limit: 512), answer: [0, 5, 0, 4, 0]),
    Opening(message: [0, 3, 0, 2, 1], error: .timedOut(waitingFor: .block(number: 1, after: 0)), answer: nil),
    Opening(message: [0, 3, 0, 0, 1], error: .timedOut(waitingFor: .block(number: 1, after: 0)), answer: nil),
    Opening(message: [0, 3, 0], error: .timedOut(waitingFor: .block(number: 1, after: 0)), answer: nil),
    Opening(message: [0], error: .timedOut(waitingFor: .block(number: 1, after: 0)), answer: nil),
    Opening(message: [0, 7, 0, 1], error: .timedOut(waitingFor: .block(number: 1, after: 0)), answer: nil),
    Opening(message: [0, 5, 0, 2], error: .fileRefused(code: 2, message: ""), answer: nil),
    Opening(
      message: [0, 5, 0, 2] + [UInt8](repeating: 65, count: 500),
      error: .fileRefused(code: 2, message: String(repeating: "A", count: 64)), answer: nil),
  ]

  @Test(arguments: openings) func server_withABadOpening_isLeft(_ opening: Opening) {
    let lab = Laboratory()
    lab.network.peer = { frame in
      if frame[13] == 6 { return Gateway().answer(frame) }
      return frame[43] == 1 ? [Bytes.udp(40_000, Bytes.number16(frame[34...]), opening.message)] : []
    }
    #expect(throws: opening.error) { try fetch(lab) }
    if let answer = opening.answer { #expect(Array((lab.network.sent.last ?? [])[42..<42 + answer.count]) == answer) }
    #expect(lab.isSettled)
  }

  /// Blocks from another port, or from another machine, are no part of the file.
  @Test func block_fromAStranger_isNotTaken() throws {
    let lab = Laboratory()
    let gateway = Gateway()
    gateway.file = contents(3000)
    lab.network.peer = { frame in
      var answers = gateway.answer(frame)
      if frame[23] == 17, frame[43] == 4 {
        let block = Bytes.number16(frame[44...]) + 1
        let false1 = [0, 3] + Bytes.be16(block) + [UInt8](repeating: 0xee, count: 1428)
        let port = Bytes.number16(frame[34...])
        answers.insert(Bytes.udp(Gateway.filePort + 1, port, false1), at: 0)
        answers.insert(Bytes.udp(Gateway.filePort, port, false1, from: [10, 0, 2, 7]), at: 0)
      }
      return answers
    }
    let (_, bytes) = try fetch(lab)
    #expect(bytes == gateway.file && lab.isSettled)
  }
}
