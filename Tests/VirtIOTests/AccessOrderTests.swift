import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// The order of the driver's accesses to shared memory, seen through the seam.
struct AccessOrderTests {
  /// What an access is for, by its address.
  enum Step: Equatable {
    case descriptor
    case header
    case availableEntry
    case availableIndex
    case fence
    case usedFlags
    case availableEvent
    case usedIndex
    case usedElement
    case status
    case other
  }

  /// What is wrong with the order of one publication; empty when nothing is.
  static func complaints(_ steps: [Step]) -> [String] {
    var complaints: [String] = []
    guard let index = steps.firstIndex(of: .availableIndex) else { return ["the index is not stored"] }
    if steps.filter({ $0 == .availableIndex }).count != 1 { complaints.append("the index is stored more than once") }
    for step in [Step.descriptor, .header, .availableEntry] {
      guard let last = steps.lastIndex(of: step) else {
        complaints.append("no \(step) is written")
        continue
      }
      if last > index { complaints.append("\(step) written after the index") }
    }
    let look = steps.firstIndex { $0 == .usedFlags || $0 == .availableEvent }
    guard let look else { return complaints + ["the device's wish is not read"] }
    if look < index { complaints.append("the device's wish read before the index is stored") }
    if !steps[min(index, look)...max(index, look)].contains(.fence) {
      complaints.append("no fence between the index and the device's wish")
    }
    return complaints
  }

  /// The steps of `body`, by the addresses of a queue of `size` entries whose ring begins at `base`.
  private func steps(
    of observer: AccessObserver, base: UInt, layout: SplitLayout, _ body: () throws -> Void
  ) rethrows -> [Step] {
    var steps: [Step] = []
    observer.hook = { access, moment in
      guard moment == .before else { return }
      switch access {
      case .fence: steps.append(.fence)
      case .load(let address, _), .loadAcquiring(let address, _), .store(let address, _, _),
        .storeReleasing(let address, _, _):
        guard address >= base, address < base + UInt(layout.byteCount) else { return steps.append(.header) }
        let offset = Int(address - base)
        switch offset {
        case ..<layout.driverAreaOffset: steps.append(.descriptor)
        case layout.driverAreaOffset + 2: steps.append(.availableIndex)
        case layout.driverAreaOffset + 4..<layout.driverAreaOffset + 4 + 2 * layout.size: steps.append(.availableEntry)
        case layout.deviceAreaOffset: steps.append(.usedFlags)
        case layout.deviceAreaOffset + 2: steps.append(.usedIndex)
        case layout.deviceAreaOffset + 4 + 8 * layout.size: steps.append(.availableEvent)
        case (layout.deviceAreaOffset + 4)...: steps.append(.usedElement)
        default: steps.append(.other)
        }
      }
    }
    defer { observer.hook = nil }
    try body()
    return steps
  }

  // SPEC: drivernormative:... / Supplying Buffers to The Device / Updating idx 1
  // SPEC: drivernormative:... / Supplying Buffers to The Device / Notifying The Device 1
  @Test(arguments: [FeatureSet(), .eventIndex])
  func submitAndPublish_keepTheSpecsOrder(features: FeatureSet) throws {
    let observer = AccessObserver()
    // The first store of a new queue goes to the start of its ring.
    var base: UInt?
    observer.hook = { access, _ in
      if base == nil, case .store(let address, _, _) = access { base = address }
    }
    var bench = try QueueBench<ObservedProvider>(observer: observer, size: 16, blockLike(), features: features)
    let start = try #require(base)
    let layout = SplitLayout(size: 16, deviceAreaAlignment: 64)
    let trace = try steps(of: observer, base: start, layout: layout) {
      let buffer = try bench.memory.allocate(byteCount: 512)
      if case .refused(let reason, _) = bench.queue.submit(
        buffer, deviceWrites: true, header: { $0.store(0 as UInt64, at: 0) })
      {
        Issue.record("refused: \(reason.words)")
      }
      bench.queue.publish()
    }
    #expect(
      trace == [
        .header, .descriptor, .descriptor, .availableEntry, .availableIndex, .fence,
        features.isEmpty ? .usedFlags : .availableEvent,
      ])
    #expect(Self.complaints(trace) == [])

    // And back: the index first, then each half of the element once, then the status, read and poisoned.
    bench.device.complete()
    var tag: UInt16?
    let back = steps(of: observer, base: start, layout: layout) { tag = bench.queue.complete()?.tag }
    #expect(tag == 0)
    #expect(back == [.usedIndex, .usedElement, .usedElement, .header, .header])
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test func publish_indexStore_isTheReleasingOne() throws {
    let observer = AccessObserver()
    var bench = try QueueBench<ObservedProvider>(observer: observer)
    var accesses: [AccessObserver.Access] = []
    observer.hook = { access, moment in if moment == .after { accesses.append(access) } }
    _ = try bench.submit()
    let isPlain = accesses.allSatisfy { if case .store = $0 { true } else { false } }
    #expect(isPlain, "\(accesses)")
    accesses = []
    bench.queue.publish()
    guard accesses.count == 3, case .storeReleasing(_, 2, 1) = accesses[0], case .fence = accesses[1],
      case .load(_, 2) = accesses[2]
    else {
      Issue.record("\(accesses)")
      return
    }
    // The other way: nothing of the used ring is read before its index is.
    bench.device.completeAll()
    accesses = []
    let isComplete = bench.queue.complete() != nil
    observer.hook = nil
    #expect(isComplete)
    guard case .loadAcquiring(_, 2) = accesses.first else {
      Issue.record("\(accesses)")
      return
    }
    bench.reset()
  }

  @Test func checker_wrongOrders_complains() {
    let good: [Step] = [.header, .descriptor, .availableEntry, .availableIndex, .fence, .usedFlags]
    #expect(Self.complaints(good) == [])
    let wrong: [[Step]] = [
      [.header, .availableEntry, .availableIndex, .descriptor, .fence, .usedFlags],
      [.header, .descriptor, .availableIndex, .availableEntry, .fence, .usedFlags],
      [.descriptor, .availableEntry, .availableIndex, .header, .fence, .usedFlags],
      [.header, .descriptor, .availableEntry, .availableIndex, .usedFlags],
      [.header, .descriptor, .availableEntry, .fence, .availableIndex, .usedFlags],
      [.header, .descriptor, .availableEntry, .usedFlags, .fence, .availableIndex],
      [.header, .descriptor, .availableEntry, .availableIndex, .fence],
      [.header, .descriptor, .availableEntry, .fence, .usedFlags],
      good + [.availableIndex],
    ]
    for steps in wrong { #expect(Self.complaints(steps) != [], "\(steps)") }
  }
}
