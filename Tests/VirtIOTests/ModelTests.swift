import DevicePlatform
import Testing
import VirtIO

@testable import VirtIOTestSupport

/// The shipped ring in a small model: driver and device interleaved in every way up to a number of moves, with a store
/// buffer. No notification is lost, no buffer comes back twice or never, and no device sees half a request.
///
/// SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / Supplying Buffers to The Device / Notifying The
/// Device
struct ModelTests {
  /// A device that works until there is nothing, asks for a notification, looks once more, and sleeps.
  private final class SmallDevice {
    enum State { case working, asking, asleep }
    let heap: DeviceHeap
    let areas: QueueAreas
    let size: Int
    let usesEventIndex: Bool
    var state = State.working
    var taken: UInt16 = 0
    var findings: [String] = []

    init(heap: DeviceHeap, areas: QueueAreas, size: Int, usesEventIndex: Bool) {
      (self.heap, self.areas, self.size, self.usesEventIndex) = (heap, areas, size, usesEventIndex)
      wish(false)
    }

    private func read(_ address: UInt64, _ count: Int) -> UInt64 {
      let bytes = (try? heap.read(address, byteCount: count)) ?? []
      return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func write(_ value: UInt64, _ address: UInt64, _ count: Int) {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
      do { try heap.write(bytes[...], at: address) } catch { findings.append("\(error)") }
    }

    var available: UInt16 { UInt16(read(areas.driver.rawValue + 2, 2)) }

    private func wish(_ isAwaited: Bool) {
      if usesEventIndex {
        // An event behind the present one asks for nothing.
        write(UInt64(isAwaited ? taken : taken &- 1), areas.device.rawValue + 4 + 8 * UInt64(size), 2)
      } else {
        write(isAwaited ? 0 : 1, areas.device.rawValue, 2)
      }
    }

    func ring() { if state == .asleep { state = .working } }

    func step() {
      switch state {
      case .asleep: break
      case .working where available != taken: take()
      case .working:
        wish(true)
        state = .asking
      case .asking:
        if available == taken {
          state = .asleep
        } else {
          wish(false)
          state = .working
        }
      }
    }

    private func take() {
      let mask = UInt64(size - 1)
      let head = read(areas.driver.rawValue + 4 + 2 * (UInt64(taken) & mask), 2)
      // Each request is 64 bytes; a descriptor from before is not.
      if read(areas.descriptors.rawValue + 16 * head + 8, 4) != 64 { findings.append("half a request was visible") }
      let element = areas.device.rawValue + 4 + 8 * (UInt64(taken) & mask)
      write(head, element, 4)
      write(64, element + 4, 4)
      taken &+= 1
      write(UInt64(taken), areas.device.rawValue + 2, 2)
    }
  }

  /// All interleavings of a few requests; what went wrong in any, and how many there were.
  private func explore(
    size: UInt32, features: FeatureSet, flaw: Model.Flaw = .none, until wanted: String = "", bound: Int = 3
  ) throws -> (findings: Set<String>, runs: Int) {
    let model = Model(flaw: flaw, bound: bound)
    var findings: Set<String> = []
    var runs = 0
    repeat {
      runs += 1
      let heap = DeviceHeap()
      let memory = DMAPool(
        provider: ModelProvider(provider: HeapProvider(heap: heap), access: ModelAccess(model: model)))
      var bench = try QueueBench(
        heap: heap, memory: memory, size: size, options: QueueOptions(), features: features, isLegacy: false)
      bench.device.hostility.ignoresNotifications = true
      let device = SmallDevice(
        heap: heap, areas: bench.queue.areas, size: Int(size), usesEventIndex: features.contains(.eventIndex))
      model.onDeviceSteps = { count in for _ in 0..<count { device.step() } }
      model.isOn = true
      var out: Set<Int> = []
      func back(_ number: Int) { if out.remove(number) == nil { findings.insert("a buffer came back twice") } }
      for _ in 0..<2 {
        if let completion = bench.queue.complete() { back(completion.token.number) }
        switch bench.queue.submit(try memory.allocate(byteCount: 64), deviceWrites: true) {
        case .accepted(let token): out.insert(token.number)
        case .refused: break
        }
        let rung = bench.queue.counters.notifications
        bench.queue.publish()
        if bench.queue.counters.notifications != rung {
          // The bell is behind a barrier.
          model.flushAll()
          device.ring()
        }
      }
      for _ in 0..<2 { model.moment() }
      model.isOn = false
      model.flushAll()
      for _ in 0..<20 { device.step() }
      if device.available != device.taken { findings.insert("a notification was lost") }
      while let completion = bench.queue.complete() { back(completion.token.number) }
      if device.available == device.taken, !out.isEmpty { findings.insert("a buffer never came back") }
      if bench.queue.fault != nil { findings.insert("the driver found fault with a good device") }
      findings.formUnion(device.findings)
      model.onDeviceSteps = { _ in }
      bench.reset()
    } while model.advance() && runs < 60_000 && !findings.contains(wanted)
    return (findings, runs)
  }

  @Test(arguments: [(1, []), (2, []), (2, .eventIndex), (4, .eventIndex)] as [(UInt32, FeatureSet)])
  func everyInterleaving_losesNothing(size: UInt32, features: FeatureSet) throws {
    let (findings, runs) = try explore(size: size, features: features, bound: 2)
    #expect(findings == [])
    #expect(runs > 300)
  }

  private let lost = "a notification was lost"
  private let half = "half a request was visible"

  @Test(arguments: [FeatureSet(), .eventIndex])
  func control_withoutFences_aNotificationIsLost(features: FeatureSet) throws {
    #expect(try explore(size: 2, features: features, flaw: .fences, until: lost).findings.contains(lost))
  }

  @Test func control_withoutRelease_halfARequestIsVisible() throws {
    #expect(try explore(size: 2, features: [], flaw: .releases, until: half, bound: 2).findings.contains(half))
  }
}
