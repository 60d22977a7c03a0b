import DevicePlatform
import Drawing
import Pictures
import QTest
import Testing
import VirtIO
import VirtIOGPU
import VirtualMachine

extension EmulatedMachines {
  /// What only somebody who watches the screen sees: that a flush tells what is new, the cursor, and that a window which
  /// is pulled larger reaches the driver.
  @Suite struct VNCTests {
    private func run(_ place: Place, _ trial: (String) -> some TransportUser) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("screen")
      var configuration = QTestMachine.Configuration(
        place.kind,
        arguments: [
          "-device", "\(place.model("gpu")),id=gpu0\(place.isPCI ? ",romfile=" : "")", "-vnc", "unix:\(path)",
        ])
      configuration.isLegacyMMIO = place.isLegacy
      let bench = try Bench(place, configuration)
      try bench.use(.gpu, trial(path))
      try bench.expectCleanEnd()
    }

    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func flush_tellsTheWatcherWhatIsNew(_ place: Place) throws {
      try run(place) { Watched(path: $0) }
    }

    @Test(arguments: [Place.q35PCI, .aarch64MMIO]) func cursor_isSeen(_ place: Place) throws {
      try run(place) { Cursor(path: $0) }
    }

    @Test(arguments: [Place.q35PCI, .aarch64PCI, .aarch64MMIO]) func resizedWindow_isToldToTheDriver(
      _ place: Place
    ) throws {
      try run(place) { Resized(path: $0) }
    }
  }
}

/// A driver that forgets the flush fails: nobody sees what it transferred, until it flushes.
private struct Watched: TransportUser {
  let path: String

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    let surface = try gpu.makeSurface(width: 160, height: 96, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
    try gpu.present(surface, waiter: &waiter)
    let client = try VNCClient(path: path)
    let picture = { (seed: Int) in
      { (client: VNCClient) in
        client.width == 160 && client.height == 96
          && (0..<96).allSatisfy { y in
            (0..<160).allSatisfy { x in
              client.pixels[y * 160 + x] == PixelFormat.bgrx.pixel(patternColor(x, y, seed: seed))
            }
          }
      }
    }
    #expect(try client.watch(milliseconds: 10_000, until: picture(0)))
    try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds, seed: 1) }
    let transfer = try gpu.startTransfer(surface, surface.bounds)
    try gpu.wait(for: transfer, waiter: &waiter)
    #expect(try !client.watch(milliseconds: 1500, until: picture(1)), "seen without a flush")
    #expect(picture(0)(client))
    let flush = try gpu.startFlush(surface, surface.bounds)
    try gpu.wait(for: flush, waiter: &waiter)
    #expect(try client.watch(milliseconds: 10_000, until: picture(1)))
  }
}

private struct Cursor: TransportUser {
  let path: String

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    let surface = try gpu.makeSurface(width: 320, height: 200, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    let image = try gpu.makeSurface(width: 64, height: 64, format: .bgra, waiter: &waiter)
    let area = Rectangle(x: 5, y: 9, width: 20, height: 30)
    try gpu.draw(on: image) { canvas in
      canvas.clear(.transparent)
      canvas.pattern(area)
    }
    let client = try VNCClient(path: path)
    try client.watch(milliseconds: 10_000) { $0.width == 320 }
    try gpu.setCursor(image, hotX: 6, hotY: 11, onScanout: 0, x: 100, y: 50, waiter: &waiter)
    try client.watch(milliseconds: 10_000) { $0.cursor?.hotX == 6 }
    let cursor = try #require(client.cursor)
    #expect(cursor.width == 64 && cursor.height == 64 && cursor.hotX == 6 && cursor.hotY == 11)
    for y in 0..<64 {
      for x in 0..<64 {
        let isInside = area.contains(Rectangle(x: x, y: y, width: 1, height: 1))
        let covers = cursor.mask[y * 8 + x / 8] & (0x80 >> UInt8(x % 8)) != 0
        #expect(covers == isInside, "\(x), \(y)")
        if isInside { #expect(cursor.pixels[y * 64 + x] == PixelFormat.bgrx.pixel(patternColor(x, y))) }
      }
    }
    try gpu.moveCursor(onScanout: 0, x: 7, y: 8)
    try gpu.hideCursor(onScanout: 0)
    let deadline = waiter.now + .seconds(5)
    while gpu.cursorState.inFlight > 0, waiter.now < deadline {
      gpu.poll()
      waiter.wait(until: deadline)
    }
    #expect(gpu.cursorState.inFlight == 0)
  }
}

private struct Resized: TransportUser {
  let path: String

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    var surface = try gpu.makeSurface(width: 640, height: 480, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
    try gpu.present(surface, waiter: &waiter)
    let client = try VNCClient(path: path)
    try client.watch(milliseconds: 10_000) { $0.width == 640 && $0.lights != nil }
    _ = try gpu.takeDisplayEvent()
    for (width, height) in [(800, 600), (1000, 333)] {
      try client.resizeScreen(width: width, height: height)
      let deadline = waiter.now + .seconds(10)
      var isTold = false
      while !isTold, waiter.now < deadline {
        isTold = try gpu.takeDisplayEvent()
        if !isTold { try client.watch(milliseconds: 20) { _ in false } }
      }
      #expect(isTold)
      let area = try gpu.displays(waiter: &waiter)[0].area
      #expect(area.width == width && area.height == height)
      let next = try gpu.makeSurface(width: area.width, height: area.height, waiter: &waiter)
      try gpu.draw(on: next) { canvas in canvas.pattern(canvas.bounds, seed: 3) }
      try gpu.show(next, onScanout: 0, waiter: &waiter)
      try gpu.present(next, waiter: &waiter)
      try gpu.destroy(surface, waiter: &waiter)
      surface = next
      let difference = PictureDifference(try bench.screen(), width: width, height: height) {
        patternColor($0, $1, seed: 3)
      }
      #expect(difference == .none)
      #expect(try client.watch(milliseconds: 10_000) { $0.width == width && $0.height == height })
    }
  }
}
