import DevicePlatform
import Drawing
import VirtIO
import VirtIOGPU
import VirtIOMMIO
import VirtIOTestSupport

typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>
typealias GPU = GPUDevice<Bus>

/// A scripted GPU and its memory.
struct Bench {
  let heap = DeviceHeap()
  let memory: TestMemory
  let model: GPUModel

  init(
    scanouts: Int = 1, features: FeatureSet = [.GPU.edid, .indirectDescriptors, .eventIndex], queueSize: UInt32 = 64,
    told: UInt32? = nil
  ) {
    memory = TestMemory(heap: heap)
    model = GPUModel(scanouts: scanouts, features: features, queueSize: queueSize, told: told, heap: heap)
  }

  var device: ScriptedDevice { model.device }

  func open(_ change: (inout GPUOptions) -> Void = { _ in }) throws(BringupError) -> GPU {
    var options = GPUOptions()
    change(&options)
    var waiter = TestWaiter()
    let transport: Bus
    do throws(TransportError) {
      transport = try Bus(registers: ScriptedMMIORegisters(device: device), memory: memory)
    } catch { throw .transport(error) }
    return try GPU(transport, options: options, waiter: &waiter)
  }

  /// The driver did nothing wrong, nothing is left of it.
  var isClean: Bool { device.violations == [] && heap.violations == [] && memory.buffersInUse == 0 }

  /// Makes every answer to one command another one.
  func lie(about command: UInt32, _ change: @escaping (inout [UInt8]) -> Void) {
    model.onAnswer = { asked, bytes in
      var bytes = bytes
      if asked == command { change(&bytes) }
      return ScriptedReply(bytes: bytes)
    }
  }
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

/// Different in all directions, so that no row, column or byte can stand for another.
func color(_ x: Int, _ y: Int) -> Color {
  Color(
    red: UInt8(truncatingIfNeeded: 7 * x + 3 * y), green: UInt8(truncatingIfNeeded: 5 * y + 1),
    blue: UInt8(truncatingIfNeeded: 11 * x + 13 * y))
}

extension Canvas {
  /// Fills an area with `color`.
  @_lifetime(self: copy self)
  mutating func pattern(_ area: Rectangle) {
    for y in area.y..<area.bottom { for x in area.x..<area.right { set(x: x, y: y, to: color(x, y)) } }
  }
}
