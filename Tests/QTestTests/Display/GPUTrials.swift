import DevicePlatform
import Drawing
import Pictures
import QTest
import Testing
import VirtIO
import VirtIOGPU

struct BothHeads: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    #expect(gpu.scanoutCount == 2)
    bench.machine.connection.postsWrites = true
    // The second one is a part of its surface.
    let part = Rectangle(x: 13, y: 7, width: 200, height: 111)
    for head in 0..<2 {
      let surface = try gpu.makeSurface(width: 321 + head, height: 199, waiter: &waiter)
      try gpu.show(surface, area: head == 0 ? nil : part, onScanout: head, waiter: &waiter)
      try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds, seed: head) }
      try gpu.present(surface, waiter: &waiter)
    }
    let (first, second) = (try bench.screen(0), try bench.screen(1))
    #expect(PictureDifference(first, width: 321, height: 199) { patternColor($0, $1) } == .none)
    #expect(
      PictureDifference(second, width: part.width, height: part.height) {
        patternColor($0 + part.x, $1 + part.y, seed: 1)
      } == .none)
    #expect(gpu.controlState.counters.falseLengths == 0 && gpu.failureCount == 0)
    #expect(gpu.status.contains(.driverOK))
  }
}

struct EveryFormat: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    bench.machine.connection.postsWrites = true
    for (number, format) in PixelFormat.allCases.enumerated() {
      let (width, height) = (61 + 2 * number, 37 + number)
      let surface = try gpu.makeSurface(width: width, height: height, format: format, waiter: &waiter)
      try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds, seed: number) }
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      try gpu.present(surface, waiter: &waiter)
      let difference = PictureDifference(try bench.screen(), width: width, height: height) {
        patternColor($0, $1, seed: number)
      }
      #expect(difference == .none, "\(format)")
      try gpu.hide(scanout: 0, waiter: &waiter)
      try gpu.destroy(surface, waiter: &waiter)
    }
  }
}

/// Areas here and there, some at the edges: what was not drawn again stays, and each costs its own bytes.
struct PartialUpdates: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    bench.machine.connection.postsWrites = true
    let (width, height) = (203, 101)
    let surface = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    var drawn = DrawnPatterns(width: width, height: height)
    for (seed, area) in DrawnPatterns.areas(width: width, height: height).enumerated() {
      try gpu.draw(on: surface) { canvas in canvas.pattern(area, seed: seed) }
      drawn.draw(area, seed: seed)
      try gpu.present(surface, waiter: &waiter)
      #expect(drawn.difference(from: try bench.screen()) == .none, "area \(seed)")
    }
  }
}

struct ModeChanges: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    bench.machine.connection.postsWrites = true
    var old: GPUSurface?
    for (width, height) in [(640, 480), (33, 17), (799, 16), (1024, 600)] {
      let surface = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
      try gpu.draw(on: surface) { canvas in canvas.clear(Color(0x102030)) }
      try gpu.draw(on: surface) { canvas in
        canvas.pattern(Rectangle(x: width - 3, y: height - 3, width: 3, height: 3))
      }
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      try gpu.present(surface, waiter: &waiter)
      if let old { try gpu.destroy(old, waiter: &waiter) }
      old = surface
      let difference = PictureDifference(try bench.screen(), width: width, height: height) {
        $0 >= width - 3 && $1 >= height - 3 ? patternColor($0, $1) : Color(0x102030)
      }
      #expect(difference == .none, "\(width)x\(height)")
      #expect(gpu.surfaceByteCount == 4 * width * height)
    }
    // QEMU shows nothing that is below 16 pixels in a direction, and says so; the screen stays up.
    let low = try gpu.makeSurface(width: 1024, height: 15, waiter: &waiter)
    #expect(throws: GPUError.rejected(.setScanout, .invalidParameter)) {
      try gpu.show(low, onScanout: 0, waiter: &waiter)
    }
    #expect(
      PictureDifference(try bench.screen(), width: 1024, height: 600) {
        $0 >= 1021 && $1 >= 597 ? patternColor($0, $1) : Color(0x102030)
      } == .none)
  }
}

/// More lines than the screen has; beside it the same on memory that no device sees.
struct TextConsole: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    bench.machine.connection.postsWrites = true
    let (width, height) = (330, 150)
    let surface = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    var screen = TextScreen(in: surface.bounds, color: Color(0x40ff40), background: Color(0x000040))
    var twin = screen
    var memory = [UInt32](repeating: 0, count: width * height)
    for line in 0..<30 {
      let text = "Zeile \(line): äöüß ÀÿÞ £ § " + String(repeating: "x", count: line) + "\n"
      try gpu.draw(on: surface) { canvas in
        if line == 0 { screen.clear(&canvas) }
        screen.write(text, on: &canvas)
      }
      try gpu.present(surface, waiter: &waiter)
      var canvas = Canvas(memory.mutableSpan, width: width, height: height, stride: width, format: .bgrx)
      if line == 0 { twin.clear(&canvas) }
      twin.write(text, on: &canvas)
    }
    let difference = PictureDifference(try bench.screen(), width: width, height: height) {
      PixelFormat.bgrx.color(memory[$1 * width + $0])
    }
    #expect(difference == .none)
    // There is text in both colours, so two black screens would not do.
    #expect(memory.contains(0x40ff40) && memory.contains(0x000040))
  }
}

struct Displays: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    let displays = try gpu.displays(waiter: &waiter)
    #expect(displays.count == 2 && displays[0].isEnabled && !displays[1].isEnabled)
    #expect(displays[0].area == Rectangle(x: 0, y: 0, width: 1024, height: 600))
    let edid = try gpu.edid(ofScanout: 0, waiter: &waiter)
    let preferred = try #require(edid.preferredTiming)
    #expect(preferred.width == 1024 && preferred.height == 600 && (50_000...100_000).contains(preferred.millihertz))
    #expect(edid.manufacturer == "RHT" && edid.name == "QEMU Monitor" && edid.version == 1)
    #expect(edid.timings.contains(preferred) && !edid.standardTimings.isEmpty)
    #expect(try gpu.takeDisplayEvent() == false)
  }
}

struct TooLarge: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    #expect(throws: GPUError.rejected(.createResource, .outOfMemory)) {
      _ = try gpu.makeSurface(width: 640, height: 480, waiter: &waiter)
    }
    let surface = try gpu.makeSurface(width: 100, height: 100, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
    try gpu.present(surface, waiter: &waiter)
    #expect(PictureDifference(try bench.screen(), width: 100, height: 100) { patternColor($0, $1) } == .none)
  }
}
