import DevicePlatform
import VirtIO

@testable import VirtIOTestSupport

/// The shipped ring against a small device, in every interleaving of a few requests with so many deviations from a
/// device that does nothing by itself.
struct ModelExploration {
  /// What the driver does.
  enum Side {
    /// Submits, publishes and looks, and never waits.
    case submitting
    /// Waits for a request.
    case waiting
    /// Waits once for two requests.
    case coalescing
  }

  static let lost = "a notification was lost"
  static let half = "half a request was visible"
  static let slept = "the driver slept through a completion"

  let side: Side
  let size: UInt32
  let features: FeatureSet
  var flaw = Model.Flaw.none
  /// Moments at which something else happens than that the driver goes on.
  var deviations = 2
  /// Runs after which it ends.
  var limit = 60_000

  /// Makes all runs.
  ///
  /// - Parameter wanted: a finding that ends it.
  /// - Returns: what went wrong in any, and how many there were.
  func run(until wanted: String = "") throws -> (findings: Set<String>, runs: Int) {
    let model = Model(flaw: flaw, bound: deviations)
    var findings: Set<String> = []
    var runs = 0
    repeat {
      runs += 1
      findings.formUnion(try once(model))
    } while model.advance() && runs < limit && !findings.contains(wanted)
    return (findings, runs)
  }

  private func once(_ model: Model) throws -> Set<String> {
    let heap = DeviceHeap()
    let memory = DMAPool(
      provider: ModelProvider(provider: HeapProvider(heap: heap), access: ModelAccess(model: model)))
    var bench = try QueueBench(
      heap: heap, memory: memory, size: size, options: QueueOptions(), features: features, isLegacy: false)
    bench.device.hostility.ignoresNotifications = true
    let device = ModelDevice(
      heap: heap, areas: bench.queue.areas, size: Int(size), usesEventIndex: features.contains(.eventIndex))
    var account = Account(model: model, device: device)
    bench.queue.disarm()
    model.onDeviceSteps = { count in for _ in 0..<count { device.step() } }
    model.isOn = true
    switch side {
    case .submitting: try submitTwice(&bench, &account)
    case .waiting: try waitTwice(&bench, &account)
    case .coalescing: try waitForBoth(&bench, &account)
    }
    for _ in 0..<2 { model.moment() }
    model.isOn = false
    model.flushAll()
    for _ in 0..<20 { device.step() }
    if device.available != device.taken { account.findings.insert(Self.lost) }
    while let completion = bench.queue.complete() { account.takeBack(completion.token) }
    if device.available == device.taken, !account.out.isEmpty {
      account.findings.insert("a buffer never came back")
    }
    if bench.queue.fault != nil { account.findings.insert("the driver found fault with a good device") }
    model.onDeviceSteps = { _ in }
    bench.reset()
    return account.findings.union(device.findings)
  }

  private func submitTwice(_ bench: inout QueueBench<ModelProvider>, _ account: inout Account) throws {
    for _ in 0..<2 {
      if let completion = bench.queue.complete() { account.takeBack(completion.token) }
      _ = try account.submit(&bench)
      account.publish(&bench)
    }
  }

  /// Waits for one request after a first one, which is in no model: used_event starts at 0, and so asks for an interrupt
  /// of it whatever the driver does.
  private func waitTwice(_ bench: inout QueueBench<ModelProvider>, _ account: inout Account) throws {
    var processor = ModelProcessor(account)
    let deadline = processor.now + .seconds(1)
    for isFirst in [true, false] {
      account.model.isOn = !isFirst
      guard let token = try account.submit(&bench) else { return }
      account.publish(&bench)
      do throws(WaitFailure) {
        account.takeBack(try bench.queue.wait(for: token, waiter: &processor, until: deadline).token)
      } catch {
        // The processor knows why.
        break
      }
    }
    account.findings.formUnion(processor.findings)
  }

  /// Waits once for two requests, after a first one.
  private func waitForBoth(_ bench: inout QueueBench<ModelProvider>, _ account: inout Account) throws {
    var processor = ModelProcessor(account)
    let deadline = processor.now + .seconds(1)
    for count in [1, 2] {
      account.model.isOn = count == 2
      for _ in 0..<count { _ = try account.submit(&bench) }
      account.publish(&bench)
      while !account.out.isEmpty, processor.now < deadline {
        while let completion = bench.queue.complete() { account.takeBack(completion.token) }
        if account.out.isEmpty { break }
        if !bench.queue.arm(after: account.out.count) { processor.wait(until: deadline) }
        bench.queue.disarm()
      }
    }
    account.findings.formUnion(processor.findings)
  }

  /// Who has which buffer.
  private struct Account {
    let model: Model
    let device: ModelDevice
    var out: Set<Int> = []
    var findings: Set<String> = []

    mutating func submit(_ bench: inout QueueBench<ModelProvider>) throws -> Token? {
      switch bench.queue.submit(try bench.memory.allocate(byteCount: 64), deviceWrites: true) {
      case .accepted(let token):
        out.insert(token.number)
        return token
      case .refused: return nil
      }
    }

    func publish(_ bench: inout QueueBench<ModelProvider>) {
      let rung = bench.queue.counters.notifications
      bench.queue.publish()
      if bench.queue.counters.notifications != rung {
        // The bell is behind a barrier.
        model.flushAll()
        device.ring()
      }
    }

    mutating func takeBack(_ token: Token) {
      if out.remove(token.number) == nil { findings.insert("a buffer came back twice") }
    }
  }

  /// Sleeps like a processor that is halted: until an interrupt that came after the last one it woke up from, else until
  /// the deadline.
  private struct ModelProcessor: Waiter {
    let clock = ManualClock()
    let model: Model
    let device: ModelDevice
    var seen = 0
    var findings: Set<String> = []

    init(_ account: Account) { (model, device) = (account.model, account.device) }

    var now: MonotonicTime { clock.now }

    mutating func wait(until deadline: MonotonicTime) {
      // Stores leave the buffer while it sleeps, sooner or later.
      for _ in 0..<2 { model.moment() }
      model.flushAll()
      while device.interrupts == seen, !device.isAsleep { device.step() }
      if device.interrupts == seen {
        findings.insert(device.available == device.taken ? ModelExploration.slept : ModelExploration.lost)
        clock.advance(by: deadline - now)
      }
      seen = device.interrupts
    }
  }
}
