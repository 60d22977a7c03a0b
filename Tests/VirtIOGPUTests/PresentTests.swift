import DevicePlatform
import Drawing
import Testing
import VirtIO
import VirtIOGPU
import VirtIOTestSupport

/// Pixels, from memory to the scripted device's screen.
struct PresentTests {
  @Test(arguments: PixelFormat.allCases) func present_everyFormat_arrivesPixelByPixel(_ format: PixelFormat) throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 37, height: 23, format: format, waiter: &waiter)
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
      #expect(bench.model.pixel(1, 1) == 0)
      try gpu.present(surface, waiter: &waiter)
      for y in 0..<23 {
        for x in 0..<37 { #expect(bench.model.pixel(x, y) == format.pixel(color(x, y)).littleEndian) }
      }
      #expect(bench.model.resources.values.first?.format == Self.numbers[format])
    }
    #expect(bench.isClean)
  }

  static let numbers: [PixelFormat: UInt32] = [
    .bgra: 1, .bgrx: 2, .argb: 3, .xrgb: 4, .rgba: 67, .xbgr: 68, .abgr: 121, .rgbx: 134,
  ]

  /// Many small drawings, one transfer, one flush, one bell; and no more bytes than the rectangle around them has.
  @Test func dirtyRectangles_becomeOneTransferAndOneFlush() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 100, height: 80, waiter: &waiter)
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      let (before, bells) = (bench.model.commands.count, bench.device.notifications.count)
      for step in 0..<10 {
        try gpu.draw(on: surface) { canvas in
          canvas.pattern(Rectangle(x: 10 + 2 * step, y: 20 + step, width: 3, height: 2))
        }
      }
      let fence = try #require(try gpu.startPresent(surface))
      #expect(bench.device.notifications.count == bells && gpu.state(of: fence) == .pending)
      gpu.publish()
      #expect(bench.device.notifications.count == bells + 1)
      gpu.poll()
      #expect(gpu.state(of: fence) == .done)
      #expect(Array(bench.model.commands[before...]) == [0x105, 0x104])
      #expect(bench.model.transferredByteCount == 4 * 21 * 11 && gpu.transferredByteCount == 4 * 21 * 11)
      #expect(bench.model.pixel(30, 30) == PixelFormat.bgrx.pixel(color(30, 30)))
      #expect(bench.model.pixel(9, 20) == 0)
      #expect(try gpu.startPresent(surface) == nil)
    }
    #expect(bench.isClean)
  }

  @Test func twoScanouts_showWhatIsTheirs() throws {
    let bench = Bench(scanouts: 2)
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let left = try gpu.makeSurface(width: 16, height: 9, waiter: &waiter)
      let right = try gpu.makeSurface(width: 64, height: 64, format: .rgba, waiter: &waiter)
      try gpu.show(left, onScanout: 0, waiter: &waiter)
      try gpu.show(right, area: Rectangle(x: 10, y: 20, width: 8, height: 5), onScanout: 1, waiter: &waiter)
      for surface in [left, right] {
        try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
        try gpu.present(surface, waiter: &waiter)
      }
      #expect(bench.model.pixel(15, 8, scanout: 0) == PixelFormat.bgrx.pixel(color(15, 8)))
      #expect(bench.model.pixel(7, 4, scanout: 1) == PixelFormat.rgba.pixel(color(17, 24)))
      #expect(gpu.surfaceByteCount == 4 * (16 * 9 + 64 * 64))

      #expect(failure { () throws(GPUError) in try gpu.destroy(left, waiter: &waiter) } == .surfaceShown(scanout: 0))
      try gpu.hide(scanout: 0, waiter: &waiter)
      #expect(bench.model.pixel(1, 1, scanout: 0) == nil)
      try gpu.destroy(left, waiter: &waiter)
      #expect(bench.model.resources.count == 1 && gpu.surfaceByteCount == 4 * 64 * 64)
      #expect(failure { () throws(GPUError) in try gpu.draw(on: left) { _ in } } == .surfaceUnknown)
    }
    #expect(bench.isClean)
  }

  /// A mode change: the new surface is shown in place of the old one, whose memory comes back.
  @Test func modeChange_showsTheNewSize() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      var surface = try gpu.makeSurface(width: 20, height: 10, waiter: &waiter)
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      for (width, height) in [(33, 44), (640, 3), (1, 1)] {
        let next = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
        try gpu.draw(on: next) { canvas in canvas.pattern(canvas.bounds) }
        try gpu.show(next, onScanout: 0, waiter: &waiter)
        try gpu.present(next, waiter: &waiter)
        try gpu.destroy(surface, waiter: &waiter)
        surface = next
        #expect(bench.model.scanouts[0].area == [0, 0, width, height])
        #expect(bench.model.pixel(width - 1, height - 1) == PixelFormat.bgrx.pixel(color(width - 1, height - 1)))
        #expect(bench.model.resources.count == 1)
      }
    }
    #expect(bench.isClean)
  }

  /// Nothing is forgotten when the device is slow, and nobody waits.
  @Test(arguments: [true, false]) func present_whileTheQueueIsFull_isBusyAndKeepsTheDamage(_ indirect: Bool) throws {
    let bench = Bench(features: indirect ? [.GPU.edid, .indirectDescriptors] : [.GPU.edid])
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open { $0.queueSize = 8 }
      let surface = try gpu.makeSurface(width: 32, height: 32, waiter: &waiter)
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      bench.device.setManual(true, queue: 0)
      var fences: [GPUFence] = []
      for step in 0... {
        try gpu.draw(on: surface) { canvas in canvas.pattern(Rectangle(x: step, y: 0, width: 1, height: 1)) }
        do {
          fences.append(try #require(try gpu.startPresent(surface)))
          gpu.publish()
        } catch let error as GPUError {
          #expect(error == .busy)
          break
        }
      }
      #expect(fences.count == (indirect ? 4 : 2))
      gpu.poll()
      #expect(fences.allSatisfy { gpu.state(of: $0) == .pending })
      bench.device.completeAll(queue: 0)
      gpu.poll()
      #expect(fences.allSatisfy { gpu.state(of: $0) == .done })
      bench.device.setManual(false, queue: 0)
      try gpu.present(surface, waiter: &waiter)
      for x in 0...fences.count { #expect(bench.model.pixel(x, 0) == PixelFormat.bgrx.pixel(color(x, 0))) }
    }
    #expect(bench.isClean)
  }

  /// Answers may come in any order; a fence is done when all of its own have come.
  @Test func answers_newestFirst_finishTheRightFences() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 8, height: 8, waiter: &waiter)
      bench.device.setManual(true, queue: 0)
      let first = try gpu.startTransfer(surface, surface.bounds)
      let second = try gpu.startFlush(surface, surface.bounds)
      gpu.publish()
      bench.device.complete(queue: 0, at: 1)
      gpu.poll()
      #expect(gpu.state(of: second) == .done && gpu.state(of: first) == .pending)
      bench.device.complete(queue: 0)
      gpu.poll()
      #expect(gpu.state(of: first) == .done)
    }
    #expect(bench.isClean)
  }
}
