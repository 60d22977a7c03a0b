import DevicePlatform
import InputEvents
import VirtIO
import VirtIOInput
import VirtIOMMIO
import VirtIOTestSupport

typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>
typealias Input = EventDevice<Bus>

/// A scripted input device and its memory.
struct Bench {
  let heap = DeviceHeap()
  let memory: TestMemory
  let model: InputModel

  init(queueSize: UInt32 = 64) {
    memory = TestMemory(heap: heap)
    model = InputModel(queueSize: queueSize, heap: heap)
  }

  var device: ScriptedDevice { model.device }

  func open(_ change: (inout InputOptions) -> Void = { _ in }) throws(BringupError) -> Input {
    var options = InputOptions()
    change(&options)
    var waiter = TestWaiter()
    let transport: Bus
    do throws(TransportError) {
      transport = try Bus(registers: ScriptedMMIORegisters(device: device), memory: memory)
    } catch { throw .transport(error) }
    return try Input(transport, options: options, waiter: &waiter)
  }

  /// The driver did nothing wrong, nothing is left of it.
  var isClean: Bool { device.violations == [] && heap.violations == [] && memory.buffersInUse == 0 }
}

/// What a body throws.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch {
    return error
  }
}

extension EventDevice where T: ~Copyable {
  /// All frames that wait: type, code, value of each event, one list a frame; `nil` in front of one after a loss.
  mutating func frames() -> [[[Int]]] {
    var frame = InputFrame()
    var frames: [[[Int]]] = []
    while nextFrame(&frame) {
      let events = frame.map { [Int($0.type.rawValue), Int($0.code), Int($0.value)] }
      frames.append((frame.isOverrun ? [[-1]] : []) + events)
    }
    return frames
  }
}

let syn = [0, 0, 0]
