import DevicePlatform
import Drawing
import Testing
import VirtIO
import VirtIOGPU
import VirtIOTestSupport

struct SurfaceTests {
  private func makeFailure(_ gpu: inout GPU, _ width: Int, _ height: Int) -> GPUError? {
    var waiter = TestWaiter()
    do throws(GPUError) {
      _ = try gpu.makeSurface(width: width, height: height, waiter: &waiter)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [(0, 0), (0, 10), (10, 0), (-1, 10), (16_385, 1), (1, 16_385), (.max, .max), (.min, 2)])
  func size_thatCannotBe_isRefusedBeforeTheDeviceIsAsked(_ width: Int, _ height: Int) throws {
    let bench = Bench()
    do {
      var gpu = try bench.open()
      #expect(makeFailure(&gpu, width, height) == .invalidSize(width: width, height: height))
      #expect(bench.model.commands == [])
    }
    #expect(bench.isClean)
  }

  /// Not here: no command is sent. Not there: nothing stays here.
  @Test func mode_thatDoesNotFit_isAnErrorAndTheOldOneStays() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 8, height: 8, waiter: &waiter)
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
      try gpu.present(surface, waiter: &waiter)
      let used = bench.memory.bytesInUse
      bench.heap.capacity = 1 << 20
      #expect(
        makeFailure(&gpu, 1024, 1024) == .memory(.outOfMemory(byteCount: 4 << 20, alignment: 4096)))
      #expect(
        makeFailure(&gpu, 16_384, 16_384) == .memory(.outOfMemory(byteCount: 1 << 30, alignment: 4096)))
      bench.model.memoryLimit = 4096
      #expect(makeFailure(&gpu, 64, 64) == .rejected(.createResource, .outOfMemory))
      #expect(bench.memory.bytesInUse == used && bench.model.pixel(7, 7) == PixelFormat.bgrx.pixel(color(7, 7)))
    }
    #expect(bench.isClean)
  }

  @Test func attaching_refused_leavesNothingBehind() throws {
    let bench = Bench()
    do {
      var gpu = try bench.open()
      let used = bench.memory.bytesInUse
      bench.lie(about: 0x106) { bytes in (bytes[0], bytes[1]) = (0x01, 0x12) }
      #expect(makeFailure(&gpu, 64, 64) == .rejected(.attachBacking, .outOfMemory))
      #expect(bench.model.resources.isEmpty && bench.memory.bytesInUse == used)
    }
    #expect(bench.isClean)
  }

  @Test func surfaces_moreThanAskedFor_areRefused() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open { $0.maximumSurfaces = 2 }
      let first = try gpu.makeSurface(width: 1, height: 1, waiter: &waiter)
      _ = try gpu.makeSurface(width: 1, height: 1, waiter: &waiter)
      #expect(makeFailure(&gpu, 1, 1) == .tooManySurfaces(limit: 2))
      try gpu.destroy(first, waiter: &waiter)
      #expect(makeFailure(&gpu, 1, 1) == nil)
      #expect(failure { () throws(GPUError) in _ = try gpu.startPresent(first) } == .surfaceUnknown)
    }
    #expect(bench.isClean)
  }

  @Test func areas_outsideTheSurface_areRefused() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 10, height: 6, waiter: &waiter)
      let before = bench.model.commands.count
      for area in [
        Rectangle(x: 0, y: 0, width: 11, height: 6), Rectangle(x: -1, y: 0, width: 2, height: 2), .empty,
        Rectangle(x: 9, y: 5, width: .max, height: 1),
      ] {
        let expected = GPUError.areaOutside(area, width: 10, height: 6)
        #expect(
          failure { () throws(GPUError) in try gpu.show(surface, area: area, onScanout: 0, waiter: &waiter) }
            == expected)
        #expect(failure { () throws(GPUError) in _ = try gpu.startTransfer(surface, area) } == expected)
        #expect(failure { () throws(GPUError) in _ = try gpu.startFlush(surface, area) } == expected)
      }
      #expect(bench.model.commands.count == before)
    }
    #expect(bench.isClean)
  }

  /// A device that does not confirm keeps the memory until its reset.
  @Test func destruction_withoutAnswer_keepsTheMemory() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 64, height: 64, waiter: &waiter)
      bench.device.setManual(true, queue: 0)
      #expect(
        failure { () throws(GPUError) in try gpu.destroy(surface, waiter: &waiter, timeout: .milliseconds(5)) } != nil)
      #expect(bench.memory.bytesInUse > surface.byteCount)
      #expect(failure { () throws(GPUError) in try gpu.draw(on: surface) { _ in } } == .surfaceUnknown)
    }
    #expect(bench.isClean)
  }
}
