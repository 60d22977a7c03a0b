import DevicePlatform
import Synchronization
import Testing
import VirtIO
import VirtIOTestSupport

/// One of two transports does what that transport does alone.
struct EitherTransportTests {
  private typealias Either = EitherTransport<AnsweringTransport<FirstKind>, AnsweringTransport<SecondKind>>

  @Test func first_everyOperation_isThatOfTheFirst() {
    let (alone, inside) = (CallLog(), CallLog())
    let expected = answers(of: AnsweringTransport<FirstKind>(alone))
    let transport = AnsweringTransport<FirstKind>(inside)
    let (identity, memory) = (transport.identity, transport.memory)
    let either = Either(first: transport)
    #expect(answers(of: either) == expected)
    #expect(inside.calls == alone.calls)
    #expect(either.identity == identity && either.memory === memory)
  }

  @Test func second_everyOperation_isThatOfTheSecond() {
    let (alone, inside) = (CallLog(), CallLog())
    let expected = answers(of: AnsweringTransport<SecondKind>(alone))
    let transport = AnsweringTransport<SecondKind>(inside)
    let (identity, memory) = (transport.identity, transport.memory)
    let either = Either(second: transport)
    #expect(answers(of: either) == expected)
    #expect(inside.calls == alone.calls)
    #expect(either.identity == identity && either.memory === memory)
  }

  /// Holds the comparisons above to account: nothing answers the same on both.
  @Test func answers_ofTwoKinds_allDiffer() {
    let first = answers(of: AnsweringTransport<FirstKind>(CallLog()))
    let second = answers(of: AnsweringTransport<SecondKind>(CallLog()))
    #expect(zip(first, second).allSatisfy { $0 != $1 })
  }
}

/// Calls every operation at least once.
private func answers<T: Transport & ~Copyable>(of transport: borrowing T) -> [String] {
  let areas = QueueAreas(descriptors: DeviceAddress(1), driver: DeviceAddress(2), device: DeviceAddress(3))
  transport.writeStatus([.acknowledge, .driver])
  transport.writeDriverFeatures(5, word: 1)
  transport.prepareQueues()
  transport.writeConfiguration8(6, at: 7)
  transport.writeConfiguration16(8, at: 10)
  transport.writeConfiguration32(11, at: 12)
  var answers = [
    "\(transport.deviceType)", "\(transport.isLegacy)", transport.location, "\(transport.readStatus())",
    "\(transport.featureWordCount)", "\(transport.readDeviceFeatures(word: 1))",
    "\(transport.maximumSize(ofQueue: 2))", "\(transport.ringRequirements)", "\(transport.configurationByteCount)",
    "\(transport.isEnabled(queue: 3) as Bool?)", "\(transport.readConfigurationGeneration())",
    "\(transport.readConfiguration8(at: 1))", "\(transport.readConfiguration16(at: 2))",
    "\(transport.readConfiguration32(at: 4))", "\(transport.makeInterruptSource().acknowledge())",
  ]
  do throws(TransportError) {
    try transport.makeDoorbell(queue: 4).ring()
    try transport.configure(queue: 5, size: 8, areas: areas)
  } catch {
    answers.append(error.words)
  }
  return answers
}

private protocol AnswerKind {
  /// What numbers begin with.
  static var number: UInt32 { get }
}
private enum FirstKind: AnswerKind { static let number: UInt32 = 1 }
private enum SecondKind: AnswerKind { static let number: UInt32 = 128 }

/// What was called, in order.
private final class CallLog: Sendable {
  private let entries = Mutex<[String]>([])
  var calls: [String] { entries.withLock { $0 } }
  func note(_ call: String) { entries.withLock { $0.append(call) } }
}

/// Notes each call, and answers with numbers of its kind.
private struct AnsweringTransport<Kind: AnswerKind>: Transport, ~Copyable {
  let log: CallLog
  let memory = TestMemory(heap: DeviceHeap())
  let identity = DeviceIdentity()

  init(_ log: CallLog) { self.log = log }

  var deviceType: DeviceType { DeviceType(rawValue: Kind.number) }
  var isLegacy: Bool { Kind.number == FirstKind.number }
  var location: String { "place \(Kind.number)" }
  func makeInterruptSource() -> AnsweringSource<Kind> { AnsweringSource() }
  func readStatus() -> DeviceStatus { DeviceStatus(rawValue: UInt8(Kind.number)) }
  func writeStatus(_ status: DeviceStatus) { log.note("writeStatus \(status)") }
  var featureWordCount: Int { Int(Kind.number) }
  func readDeviceFeatures(word index: Int) -> UInt32 { Kind.number + UInt32(index) }
  func writeDriverFeatures(_ value: UInt32, word index: Int) { log.note("writeDriverFeatures \(value) \(index)") }
  func prepareQueues() { log.note("prepareQueues") }
  func maximumSize(ofQueue index: UInt16) -> UInt32 { Kind.number + UInt32(index) }
  var ringRequirements: RingRequirements { isLegacy ? .legacy : .modern }
  func configure(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    log.note("configure \(index) \(size) \(areas)")
    throw isLegacy ? .queueInUse(index: index) : .queueNotEnabled(index: index)
  }
  func isEnabled(queue index: UInt16) -> Bool? { isLegacy ? nil : true }
  func makeDoorbell(queue index: UInt16) throws(TransportError) -> LoggedBell {
    LoggedBell(log: log, number: Kind.number + UInt32(index))
  }
  var configurationByteCount: Int { Int(Kind.number) }
  func readConfigurationGeneration() -> UInt32 { Kind.number }
  func readConfiguration8(at offset: Int) -> UInt8 { UInt8(Kind.number) + UInt8(offset) }
  func readConfiguration16(at offset: Int) -> UInt16 { UInt16(Kind.number) + UInt16(offset) }
  func readConfiguration32(at offset: Int) -> UInt32 { Kind.number + UInt32(offset) }
  func writeConfiguration8(_ value: UInt8, at offset: Int) { log.note("writeConfiguration8 \(value) \(offset)") }
  func writeConfiguration16(_ value: UInt16, at offset: Int) { log.note("writeConfiguration16 \(value) \(offset)") }
  func writeConfiguration32(_ value: UInt32, at offset: Int) { log.note("writeConfiguration32 \(value) \(offset)") }
}

private struct AnsweringSource<Kind: AnswerKind>: InterruptSource {
  func acknowledge() -> DeviceEvents { Kind.number == FirstKind.number ? .usedBuffers : .configurationChanged }
}

private struct LoggedBell: Doorbell {
  let log: CallLog
  let number: UInt32
  func ring() { log.note("ring \(number)") }
}
