import DeviceManager
import DevicePlatform
import DeviceTraits
import Drawing
import FirmwareConfiguration
import Pictures
import QTest
import StandardDrivers
import Testing
import VirtIO
import VirtIOGPU
import VirtualMachine

extension EmulatedMachines {
  /// Text on displays by their trait, compared with screenshots.
  @Suite struct ConsoleScreenTests {
    @Test(arguments: [Place.q35PCI, .aarch64PCI, .riscv64MMIO]) func gpu_showsText(_ place: Place) throws {
      let configuration = QTestMachine.Configuration(
        place.kind, arguments: ["-device", "\(place.model("gpu")),id=gpu0\(place.isPCI ? ",romfile=" : "")"])
      let bench = try Bench(place, configuration)
      try bench.use(.gpu, ConsoleTrial())
      try bench.expectCleanEnd()
    }

    @Test func ramfb_showsText() throws {
      let machine = try QTestMachine(QTestMachine.Configuration(.q35, arguments: ["-device", "ramfb"]))
      do {
        let ports = machine.ports(at: FirmwareInterface.firstPort, byteCount: FirmwareInterface.ports.byteCount)
        let screen = try RAMScreen(
          try FirmwareDevice(ports, interface: .ports, memory: machine.memory), memory: machine.memory,
          waiter: DeviceWaiter(WaiterSource(machine.waiter)))
        try writeMuch(try #require(screen)) { try machine.emulator.picture() }
      }
      #expect(machine.failure == nil && machine.stop() == .exited(0) && machine.standardError == "")
    }
  }
}

private struct ConsoleTrial: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    let slot = WaitingSlot(bench.machine.waiter)
    bench.machine.connection.postsWrites = true
    let driven = try GPUDriver().start(transport, in: slot, named: "display0")
    guard case .display(let display) = driven.role else {
      Issue.record("a GPU is \(driven.role.name)")
      return
    }
    try writeMuch(display) { try bench.screen() }
    #expect(driven.shutDown() == nil)
  }
}

/// A place whose device does not interrupt.
private final class WaitingSlot: DeviceSlot {
  private let waiter: QTestWaiter
  var interrupts: InterruptObservation?

  init(_ waiter: QTestWaiter) { self.waiter = waiter }

  var polling: DeviceWaiter { DeviceWaiter(WaiterSource(waiter)) }
  var waitingWords: String { "polled" }
  func connect(_ handle: InterruptHandle<AnyInterruptSource>, name: String) -> DeviceWaiter? { nil }
  func isWorthAnotherTry(after error: BringupError) -> Bool { false }
  func release() {}
}

/// Line after line, more than there is room for; then a second mode. Beside it the same text at once, on memory that no
/// device sees.
private func writeMuch(_ display: any DisplayDevice, _ picture: () throws -> Screenshot) throws {
  for (width, height) in [(643, 211), (320, 100)] {
    try display.setMode(DisplayMode(width: width, height: height), onScreen: 0)
    let console = try DisplayConsole(on: display)
    var text = ""
    for line in 0..<25 {
      let next = "\(line): Größe à 5 £, ÆÐØÞ ¿«»?\t" + String(repeating: "#", count: 3 * line) + "\n"
      try console.write(Array(next.utf8).span)
      text += next
    }
    var memory = [UInt32](repeating: 0, count: width * height)
    var canvas = Canvas(memory.mutableSpan, width: width, height: height, stride: width, format: .bgrx)
    var twin = TextScreen(in: canvas.bounds)
    twin.clear(&canvas)
    for character in text.unicodeScalars { twin.write(character, on: &canvas) }
    let difference = PictureDifference(try picture(), width: width, height: height) {
      PixelFormat.bgrx.color(memory[$1 * width + $0])
    }
    #expect(difference == .none)
    // There is text, and not all of it is text.
    let strokes = memory.filter { $0 != 0 }.count
    #expect(strokes > memory.count / 50 && strokes < memory.count / 2)
    // The comparison sees one line that is missing.
    try console.write(Array("more\n".utf8).span)
    #expect(
      PictureDifference(try picture(), width: width, height: height) {
        PixelFormat.bgrx.color(memory[$1 * width + $0])
      } != .none)
  }
}
