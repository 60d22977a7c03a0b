import DeviceManager
import DevicePlatform
import DeviceTraits
import Drawing
import Foundation
import QTest
import StandardDrivers
import VirtIO
import VirtIOGPU
import VirtIOMMIO
import VirtualMachine

/// What a display costs, on QEMU's GPU, driven from this process: one figure for each line of standard output.
struct Figures {
  let width: Int
  let height: Int

  typealias Bus = MMIOTransport<QTestRegisters, QTestMemory>

  func measure() throws {
    let machine = try QTestMachine(
      QTestMachine.Configuration(.aarch64Virt, arguments: ["-device", "virtio-gpu-device"]))
    machine.connection.postsWrites = true
    print("screen \(width)x\(height), QEMU's GPU on MMIO")
    try measureTransfers(machine)
    try measureText(machine)
    measureDrawing()
    guard machine.stop() == .exited(0) else { throw QTestError.malformed(what: "end", found: machine.standardError) }
  }

  private func open(_ machine: QTestMachine) throws -> Bus {
    for slot in machine.mmioSlots() {
      if let transport = try? Bus(registers: slot, memory: machine.memory), transport.deviceType == .gpu {
        return transport
      }
    }
    throw TransportError.noDevice
  }

  private func print(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  /// How often `body` runs in a second; at least a second long.
  private func rate(_ body: () throws -> Void) rethrows -> Int {
    let clock = ContinuousClock()
    let begin = clock.now
    var count = 0
    while clock.now - begin < .seconds(1) {
      try body()
      count += 1
    }
    return Int(Double(count) / ((clock.now - begin) / .seconds(1)))
  }

  private func measureTransfers(_ machine: QTestMachine) throws {
    var waiter = machine.waiter
    var gpu = try GPUDevice(try open(machine), waiter: &waiter)
    let surface = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    print("memory of a screen: \(gpu.surfaceByteCount) bytes here, as many in the device")
    let full = try rate {
      try gpu.draw(on: surface) { canvas in
        canvas.set(x: 0, y: 0, to: .white)
        canvas.set(x: width - 1, y: height - 1, to: .white)
      }
      try gpu.present(surface, waiter: &waiter)
    }
    print("full screens: \(full) a second, \((full * surface.byteCount) >> 20) MiB a second")
    let areas: [(String, [Rectangle])] = [
      ("one character", [Rectangle(x: 80, y: 130, width: 8, height: 13)]),
      ("a line of text", [Rectangle(x: 0, y: 130, width: width / 8 * 8, height: 13)]),
      ("ten characters of a line", (0..<10).map { Rectangle(x: 16 * $0, y: 26, width: 8, height: 13) }),
      (
        "two opposite corners",
        [Rectangle(x: 0, y: 0, width: 1, height: 1), Rectangle(x: width - 1, y: height - 1, width: 1, height: 1)]
      ),
    ]
    for (name, rectangles) in areas {
      let (bytes, bells) = (gpu.transferredByteCount, gpu.controlState.counters.notifications)
      let drawn = rectangles.reduce(0) { $0 + $1.width * $1.height * PixelFormat.byteCount }
      try gpu.draw(on: surface) { canvas in for area in rectangles { canvas.fill(area, with: .white) } }
      try gpu.present(surface, waiter: &waiter)
      print(
        "\(name): \(drawn) bytes drawn, \(gpu.transferredByteCount - bytes) transferred, "
          + "\(gpu.controlState.counters.notifications - bells) notifications")
    }
    let small = try rate {
      try gpu.draw(on: surface) { canvas in canvas.fill(Rectangle(x: 80, y: 130, width: 8, height: 13), with: .white) }
      try gpu.present(surface, waiter: &waiter)
    }
    print("one character: \(small) a second")
  }

  private func measureText(_ machine: QTestMachine) throws {
    let driven = try GPUDriver().start(try open(machine), in: PollingPlace(machine.waiter), named: "display0")
    guard case .display(let display) = driven.role else { return }
    try display.setMode(DisplayMode(width: width, height: height), onScreen: 0)
    let console = try DisplayConsole(on: display)
    let line = Array((String(repeating: "Vireo draws text. ", count: 4) + "\n").utf8)
    let screenful = Array(repeating: line, count: height / Font.height).flatMap { $0 }
    let singles = try rate { try console.write(line.span) }
    print("text, a call for each line: \(singles) lines a second")
    let many = try rate { try console.write(screenful.span) }
    print("text, a call for each screenful: \(many * (height / Font.height)) lines a second")
  }

  /// The same without any device.
  private func measureDrawing() {
    var memory = [UInt32](repeating: 0, count: width * height)
    var text = TextScreen(in: Rectangle(x: 0, y: 0, width: width, height: height))
    let line = String(repeating: "Vireo draws text. ", count: 4) + "\n"
    let lines = rate {
      var canvas = Canvas(memory.mutableSpan, width: width, height: height, stride: width, format: .bgrx)
      text.write(line, on: &canvas)
    }
    print("text, drawn and scrolled in memory alone: \(lines) lines a second")
  }
}

/// A place whose device does not interrupt.
private final class PollingPlace: DeviceSlot {
  private let waiter: QTestWaiter
  var interrupts: InterruptObservation?

  init(_ waiter: QTestWaiter) { self.waiter = waiter }

  var polling: DeviceWaiter { DeviceWaiter(WaiterSource(waiter)) }
  var waitingWords: String { "polled" }
  func connect(_ handle: InterruptHandle<AnyInterruptSource>, name: String) -> DeviceWaiter? { nil }
  func isWorthAnotherTry(after error: BringupError) -> Bool { false }
  func release() {}
}
