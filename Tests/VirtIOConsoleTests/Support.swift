import DevicePlatform
import VirtIO
import VirtIOConsole
import VirtIOMMIO
import VirtIOTestSupport

typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>
typealias Console = ConsolePorts<Bus>

/// A scripted console and its memory.
struct Bench {
  let heap = DeviceHeap()
  let memory: TestMemory
  let model: ConsoleModel
  let device: ScriptedDevice

  static let allFeatures: FeatureSet = [
    .indirectDescriptors, .eventIndex, .Console.size, .Console.multiport, .Console.emergencyWrite,
  ]

  init(
    ports: [UInt32: ConsoleModel.Port] = [0: ConsoleModel.Port()], features: FeatureSet = allFeatures,
    maximumPorts: UInt32 = 4, queueSize: UInt32 = 32, isLegacy: Bool = false
  ) {
    memory = TestMemory(heap: heap)
    model = ConsoleModel(ports: ports)
    device = model.makeDevice(
      features: features, maximumPorts: maximumPorts, queueSize: queueSize, heap: heap, isLegacy: isLegacy)
    device.trace.isOn = false
  }

  func transport() throws(TransportError) -> Bus {
    try Bus(registers: ScriptedMMIORegisters(device: device), memory: memory)
  }

  func open(_ change: (inout ConsoleOptions) -> Void = { _ in }) throws -> Console {
    var options = ConsoleOptions()
    change(&options)
    var waiter = TestWaiter()
    return try Console(try transport(), options: options, waiter: &waiter)
  }

  /// A buffer with these bytes.
  func buffer(_ bytes: [UInt8]) throws -> DMABuffer {
    var buffer = try memory.allocate(byteCount: bytes.count)
    for (index, byte) in bytes.enumerated() { buffer[index] = byte }
    return buffer
  }

  /// The driver did nothing wrong, nothing is left of it.
  var isClean: Bool {
    device.violations == [] && heap.violations == [] && memory.buffersInUse == 0 && model.droppedMessageCount == 0
  }
}

extension ConsolePorts where T: ~Copyable {
  /// All events there are.
  mutating func events() -> [ConsoleEvent] {
    var events: [ConsoleEvent] = []
    // Twice: what is sent when there is nothing more makes the device answer.
    for _ in 0..<100 {
      let before = events.count
      while let event = nextEvent() { events.append(event) }
      if events.count == before { break }
    }
    return events
  }

  mutating func write(_ bytes: [UInt8], port: Int = 0, waiter: inout TestWaiter) throws(ConsoleError) {
    try write(bytes.span, port: port, waiter: &waiter)
  }

  mutating func read(_ count: Int, port: Int = 0, waiter: inout TestWaiter) throws(ConsoleError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    let received = try read(into: &span, port: port, waiter: &waiter, timeout: .milliseconds(50))
    return Array(bytes[..<received])
  }
}

func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch {
    return error
  }
}

func bytes(_ count: Int, seed: Int = 1) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 * 11 + seed) } }
