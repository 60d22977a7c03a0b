import DevicePlatform
import Testing
import VirtIOTestSupport

@testable import NetworkStack

/// The clients against a gateway that behaves, on a wire that does or does not.
struct ClientTests {
  private func connected(_ lab: Laboratory, _ gateway: Gateway) { lab.network.peer = gateway.answer }

  @Test func configuration_isTheServers() throws {
    let lab = Laboratory(hasAddress: false)
    connected(lab, Gateway())
    let lease = try lab.host.configure(waiter: &lab.waiter)
    #expect(lease == Laboratory.lease)
    let isKept = lab.host.lease == lease
    #expect(isKept && lab.network.sent.count == 2 && lab.isSettled)
  }

  /// Pads, options of unknown kinds, several routers; one that is cut off ends the list.
  @Test(arguments: [[0, 0, 12, 2, 65, 66], [12, 0], [3, 8, 10, 0, 2, 2, 10, 0, 2, 9], [12, 200, 1]] as [[UInt8]])
  func configuration_withMoreOptions_isTheSame(_ options: [UInt8]) throws {
    let lab = Laboratory(hasAddress: false)
    let gateway = Gateway()
    gateway.extraOptions = options
    connected(lab, gateway)
    #expect(try lab.host.configure(waiter: &lab.waiter) == Laboratory.lease)
  }

  @Test(arguments: [[51, 4, 0xff, 0xff, 0xff, 0xff]] as [[UInt8]])
  func lease_withoutEnd(_ options: [UInt8]) throws {
    let lab = Laboratory(hasAddress: false)
    let gateway = Gateway()
    gateway.extraOptions = options
    connected(lab, gateway)
    #expect(try lab.host.configure(waiter: &lab.waiter).span.nanoseconds == .max)
  }

  /// Masks and addresses that cannot be: as good as no answer.
  @Test(
    arguments: [
      [1, 4, 255, 0, 255, 0], [1, 4, 255, 255, 255, 255], [1, 4, 255, 255, 255, 254], [1, 4, 255, 255, 255, 240],
    ]
      as [[UInt8]])
  func offer_thatCannotBe_isNotTaken(_ options: [UInt8]) {
    let lab = Laboratory(hasAddress: false)
    let gateway = Gateway()
    gateway.extraOptions = options
    connected(lab, gateway)
    #expect(throws: HostError.timedOut(waitingFor: .offer)) { try lab.host.configure(waiter: &lab.waiter) }
    let hasNone = lab.host.lease == nil
    #expect(hasNone && lab.isSettled)
  }

  /// Bytes of a message of the client's that was sent in this frame.
  private func message(_ frame: [UInt8]) -> [UInt8] { Array(frame[42...]) }

  @Test func renewal_isAskedOfTheServerAloneWhenHalfOfTheTimeIsOver() throws {
    let lab = Laboratory(hasAddress: false)
    connected(lab, Gateway())
    let lease = try lab.host.configure(waiter: &lab.waiter)
    let first = lab.host.renewalTime?.nanoseconds ?? 0
    lab.waiter.clock.advance(by: .seconds(43_199))
    try lab.host.renewIfDue(waiter: &lab.waiter)
    #expect(lab.network.sent.count == 2)
    lab.waiter.clock.advance(by: .seconds(1))
    try lab.host.renewIfDue(waiter: &lab.waiter)
    // Which card the server has, and the request: to it alone, from this machine's address.
    try #require(lab.network.sent.count == 4)
    let request = lab.network.sent[3]
    #expect(Array(request[..<6]) == Bytes.gateway && Array(request[26..<34]) == Bytes.hostIP + Bytes.gatewayIP)
    let message = message(request)
    #expect(Array(message[10..<16]) == [0, 0] + Bytes.hostIP)
    // A request, then what is asked for: neither the address nor the server as options.
    #expect(Array(message[240..<246]) == [53, 1, 3, 55, 4, 1])
    let second = lab.host.renewalTime?.nanoseconds ?? 0
    #expect(first > 0 && second >= first + 43_200_000_000_000)
    let isKept = lab.host.lease == lease
    #expect(isKept && lab.isSettled)
  }

  @Test func renewal_refused_takesTheAddress() throws {
    let lab = Laboratory(hasAddress: false)
    let gateway = Gateway()
    connected(lab, gateway)
    _ = try lab.host.configure(waiter: &lab.waiter)
    gateway.refusesLease = true
    #expect(throws: HostError.leaseRefused) { try lab.host.renew(waiter: &lab.waiter) }
    let hasNone = lab.host.lease == nil && lab.host.renewalTime == nil
    #expect(hasNone && lab.isSettled)
  }

  /// A server that is silent: the address is good until its time is over, and not a moment longer.
  @Test func renewal_unanswered_leavesTheAddressUntilItsEnd() throws {
    let lab = Laboratory(hasAddress: false)
    let gateway = Gateway()
    connected(lab, gateway)
    _ = try lab.host.configure(waiter: &lab.waiter)
    let leaseEnd = lab.host.leaseEnd
    let end = try #require(leaseEnd)
    lab.waiter.clock.advance(by: .seconds(50_000))
    lab.network.deliver = { frame in frame[12..<14] == [8, 0] && frame[23] == 17 ? [] : [frame] }
    let asked = lab.network.sent.count
    try lab.host.renewIfDue(waiter: &lab.waiter)
    #expect(lab.network.sent.count > asked)
    let isKept = lab.host.lease == Laboratory.lease
    #expect(isKept)
    // Not again before half of the time that is left is over; then again.
    let next = lab.host.renewalTime
    let again = try #require(next)
    let left = (end - lab.waiter.now).nanoseconds
    #expect((again - lab.waiter.now).nanoseconds == left / 2)
    lab.network.sent = []
    try lab.host.renewIfDue(waiter: &lab.waiter)
    #expect(lab.network.sent.isEmpty)
    lab.waiter.clock.advance(by: again - lab.waiter.now)
    try lab.host.renewIfDue(waiter: &lab.waiter)
    #expect(!lab.network.sent.isEmpty)
    // Whoever asks by hand is told.
    #expect(throws: HostError.timedOut(waitingFor: .lease)) { try lab.host.renew(waiter: &lab.waiter) }
    lab.network.sent = []
    lab.receive(Bytes.echo(8, [0, 1, 0, 1]))
    #expect(lab.network.sent.count == 1)

    lab.waiter.clock.advance(by: end - lab.waiter.now)
    lab.receive(Bytes.echo(8, [0, 1, 0, 1]))
    #expect(lab.network.sent.count == 1)
    #expect(throws: HostError.noAddress) { try lab.host.ping(IPv4Address(10, 0, 2, 2), waiter: &lab.waiter) }
    #expect(throws: HostError.noAddress) { try lab.host.renew(waiter: &lab.waiter) }
    #expect(lab.isSettled)
  }

  /// An address of the caller's own, and one without an end, are nobody's to renew.
  @Test func addressWithoutAnEnd_isNeverDue() throws {
    let lab = Laboratory()
    lab.waiter.clock.advance(by: .seconds(1_000_000))
    try lab.host.renewIfDue(waiter: &lab.waiter)
    let isNeverDue = lab.host.renewalTime == nil && lab.host.lease != nil
    #expect(isNeverDue && lab.network.sent.isEmpty)
  }

  @Test func lease_takenBack_isSaid() {
    let lab = Laboratory(hasAddress: false)
    let gateway = Gateway()
    gateway.refusesLease = true
    connected(lab, gateway)
    #expect(throws: HostError.leaseRefused) { try lab.host.configure(waiter: &lab.waiter) }
  }

  @Test func everything_withoutAnswers_timesOut() {
    let lab = Laboratory()
    let server = IPv4Address(10, 0, 2, 2)
    #expect(throws: HostError.timedOut(waitingFor: .card(of: server))) {
      try lab.host.ping(server, waiter: &lab.waiter)
    }
    // After half a second, then after another second.
    #expect(lab.network.sent.count == 3)
    lab.network.peer = { $0[13] == 6 ? Gateway().answer($0) : [] }
    #expect(throws: HostError.timedOut(waitingFor: .echoReply(from: server))) {
      try lab.host.ping(server, waiter: &lab.waiter)
    }
    #expect(throws: HostError.timedOut(waitingFor: .block(number: 1, after: 0))) {
      try lab.host.fetch("file", from: server, waiter: &lab.waiter) { _ in }
    }
    #expect(throws: HostError.timedOut(waitingFor: .nameServer)) {
      try lab.host.resolve("a.example", waiter: &lab.waiter)
    }
    #expect(throws: HostError.timedOut(waitingFor: .offer)) { try lab.host.configure(waiter: &lab.waiter) }
    #expect(lab.isSettled)
  }

  /// A wire that is never silent ends no wait later.
  @Test func everything_inAFlood_timesOut() {
    let lab = Laboratory()
    let network = lab.network
    let frames = [
      Bytes.udp(Gateway.filePort, 1, []), Bytes.arp(1), Bytes.echo(8, [0, 0, 0, 0]), [], Bytes.echo(0, [0, 0, 0, 0]),
    ]
    lab.waiter = .init(step: .milliseconds(10), limit: 20_000)
    network.arriving = (0..<5000).map { frames[$0 % frames.count] }
    let clock = lab.waiter.clock
    network.peer = { _ in
      // Each answer of the host's costs time, so that it comes to an end at all.
      clock.advance(by: .milliseconds(1))
      return frames
    }
    #expect(throws: HostError.self) { try lab.host.ping(IPv4Address(10, 0, 2, 2), waiter: &lab.waiter) }
    #expect(lab.waiter.now.nanoseconds < 2_100_000_000)
  }

  @Test(arguments: [0, 1, 56, 1472]) func ping_comesBack(_ byteCount: Int) throws {
    let lab = Laboratory()
    connected(lab, Gateway())
    _ = try lab.host.ping(IPv4Address(10, 0, 2, 2), byteCount: byteCount, waiter: &lab.waiter)
    // One question about the card, one echo; the second time the card is known.
    #expect(lab.network.sent.count == 2)
    _ = try lab.host.ping(IPv4Address(10, 0, 2, 2), byteCount: byteCount, waiter: &lab.waiter)
    #expect(lab.network.sent.count == 3 && lab.isSettled)
  }

  @Test func ping_toOtherNetworks_goesToTheRouter() throws {
    let lab = Laboratory()
    connected(lab, Gateway())
    _ = try lab.host.ping(IPv4Address(192, 0, 2, 1), waiter: &lab.waiter)
    #expect(lab.network.sent[0][38..<42] == [10, 0, 2, 2])
  }

  @Test func ping_refusals() {
    let lab = Laboratory()
    connected(lab, Gateway())
    #expect(throws: HostError.tooLong(byteCount: 1473, limit: 1472)) {
      try lab.host.ping(IPv4Address(10, 0, 2, 2), byteCount: 1473, waiter: &lab.waiter)
    }
    for address in [IPv4Address.broadcast, .unspecified, IPv4Address(224, 0, 0, 1), IPv4Address(10, 0, 2, 255)] {
      #expect(throws: HostError.badAddress(address)) { try lab.host.ping(address, waiter: &lab.waiter) }
    }
    lab.host.configure(Lease(address: IPv4Address(10, 0, 2, 15), mask: IPv4Address(255, 255, 255, 0)))
    #expect(throws: HostError.noRoute(to: IPv4Address(192, 0, 2, 1))) {
      try lab.host.ping(IPv4Address(192, 0, 2, 1), waiter: &lab.waiter)
    }
    let other = Laboratory(hasAddress: false)
    #expect(throws: HostError.noAddress) { try other.host.ping(IPv4Address(10, 0, 2, 2), waiter: &other.waiter) }
    lab.host.port.buffersLeft = 0
    #expect(throws: HostError.noBuffer) { try lab.host.ping(IPv4Address(10, 0, 2, 9), waiter: &lab.waiter) }
    #expect(lab.isSettled)
  }

  @Test func name_behindAnAlias_isResolved() throws {
    let lab = Laboratory()
    connected(lab, Gateway())
    #expect(try lab.host.resolve("WWW.example", waiter: &lab.waiter) == IPv4Address(192, 0, 2, 7))
    #expect(lab.isSettled)
  }

  @Test(arguments: [
    "", ".", "a..b", "a.", String(repeating: "a", count: 64), Array(repeating: "abc", count: 64).joined(separator: "."),
  ])
  func name_thatIsNone_isRefused(_ name: String) {
    let lab = Laboratory()
    #expect(throws: HostError.badName) { try lab.host.resolve(name, waiter: &lab.waiter) }
  }
}
