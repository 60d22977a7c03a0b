import DevicePlatform
import Drawing
import Testing
import VirtIO
import VirtIOGPU
import VirtIOTestSupport

struct CursorTests {
  // SPEC: sec:Device Types / GPU Device / Device Operation 1
  @Test func cursor_isShownMovedAndHidden() throws {
    let bench = Bench(scanouts: 2)
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let image = try gpu.makeSurface(width: 64, height: 64, format: .bgra, waiter: &waiter)
      try gpu.draw(on: image) { canvas in
        canvas.clear(.transparent)
        canvas.set(x: 3, y: 4, to: .white)
      }
      try gpu.setCursor(image, hotX: 3, hotY: 4, onScanout: 1, x: 200, y: 100, waiter: &waiter)
      let shown = try #require(bench.model.scanouts[1].cursor)
      #expect(shown == (1, 200, 100, 3, 4) && bench.model.scanouts[0].cursor == nil)
      // The image was there before the cursor was.
      #expect(bench.model.commands.suffix(2) == [0x105, 0x300])
      let pixels = try #require(bench.model.resources[1]?.image)
      let place = 4 * (4 * 64 + 3)
      #expect(Array(pixels[place..<place + 4]) == [255, 255, 255, 255] && pixels[0...3] == [0, 0, 0, 0])
      try gpu.moveCursor(onScanout: 1, x: -2, y: 7)
      let moved = try #require(bench.model.scanouts[1].cursor)
      #expect(moved == (1, 0xffff_fffe, 7, 3, 4))
      try gpu.hideCursor(onScanout: 1)
      #expect(bench.model.scanouts[1].cursor == nil)
    }
    #expect(bench.isClean)
  }

  // SPEC: sec:Device Types / GPU Device / Device Operation 1
  @Test func cursor_whoseImageHasNotArrived_isNotShown() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let image = try gpu.makeSurface(width: 64, height: 64, format: .bgra, waiter: &waiter)
      bench.device.setManual(true, queue: 0)
      let error = failure { () throws(GPUError) in
        try gpu.setCursor(image, onScanout: 0, x: 1, y: 2, waiter: &waiter, timeout: .milliseconds(20))
      }
      guard case .timedOut(.transfer, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(!bench.model.commands.contains(0x300))
      bench.device.completeAll(queue: 0)
      bench.device.setManual(false, queue: 0)
      try gpu.setCursor(image, onScanout: 0, x: 1, y: 2, waiter: &waiter)
      #expect(bench.model.scanouts[0].cursor?.x == 1)
    }
    #expect(bench.isClean)
  }

  @Test func cursor_ofAnotherSizeOrHotSpot_isRefused() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let small = try gpu.makeSurface(width: 32, height: 64, format: .bgra, waiter: &waiter)
      let right = try gpu.makeSurface(width: 64, height: 64, format: .bgra, waiter: &waiter)
      #expect(
        failure { () throws(GPUError) in try gpu.setCursor(small, onScanout: 0, x: 0, y: 0, waiter: &waiter) }
          == .cursorSize(width: 32, height: 64))
      #expect(
        failure { () throws(GPUError) in try gpu.setCursor(right, hotX: 64, onScanout: 0, x: 0, y: 0, waiter: &waiter) }
          == .areaOutside(Rectangle(x: 64, y: 0, width: 1, height: 1), width: 64, height: 64))
      #expect(
        failure { () throws(GPUError) in try gpu.moveCursor(onScanout: 1, x: 0, y: 0) }
          == .scanoutUnknown(index: 1, count: 1))
    }
    #expect(bench.isClean)
  }

  @Test func places_fasterThanTheDeviceTakesThem_areBusy() throws {
    let bench = Bench()
    do {
      var gpu = try bench.open { $0.queueSize = 4 }
      bench.device.setManual(true, queue: 1)
      var places = 0
      while failure({ () throws(GPUError) in try gpu.moveCursor(onScanout: 0, x: places, y: 0) }) == nil { places += 1 }
      #expect(places == gpu.cursorState.capacity)
      #expect(failure { () throws(GPUError) in try gpu.moveCursor(onScanout: 0, x: 0, y: 0) } == .busy)
      bench.device.completeAll(queue: 1)
      try gpu.moveCursor(onScanout: 0, x: 9, y: 9)
      bench.device.poll(queue: 1)
      bench.device.completeAll(queue: 1)
    }
    #expect(bench.isClean)
  }
}
