import DevicePlatform
import Drawing
import Testing
import VirtIO
import VirtIOGPU
import VirtIOTestSupport

/// Answers that are none. Whatever the device says, what it shows stays there, and the driver goes on.
struct AnswerTests {
  /// Brings up, shows something, has the device lie in its answers to one command, and hands over.
  private func lied(
    about command: UInt32, _ change: @escaping (inout [UInt8]) -> Void,
    _ body: (inout GPU, GPUSurface, inout TestWaiter) -> GPUError?
  ) throws -> GPUError? {
    let bench = Bench()
    var found: GPUError?
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 8, height: 8, waiter: &waiter)
      try gpu.show(surface, onScanout: 0, waiter: &waiter)
      try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
      try gpu.present(surface, waiter: &waiter)
      bench.lie(about: command, change)
      found = body(&gpu, surface, &waiter)
      bench.model.onAnswer = nil
      #expect(gpu.failure == nil && bench.model.pixel(7, 7) == PixelFormat.bgrx.pixel(color(7, 7)))
      try gpu.draw(on: surface) { canvas in canvas.clear(.white) }
      try gpu.present(surface, waiter: &waiter)
      #expect(bench.model.pixel(3, 4) == 0xff_ffff)
    }
    #expect(bench.isClean)
    return found
  }

  private func presentFailure(_ gpu: inout GPU, _ surface: GPUSurface, _ waiter: inout TestWaiter) -> GPUError? {
    do throws(GPUError) {
      try gpu.draw(on: surface) { canvas in canvas.set(x: 0, y: 0, to: .white) }
      try gpu.present(surface, waiter: &waiter)
      return nil
    } catch {
      return error
    }
  }

  /// SPEC: devicenormative:Device Types / GPU Device / Device Operation / Device Operation: Command lifecycle and fencing
  @Test func flush_withAnotherFence_isAnError() throws {
    let error = try lied(about: 0x104, { $0[8] ^= 0x40 }) { presentFailure(&$0, $1, &$2) }
    guard case .wrongFence(.flush, let found, let expected) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == expected ^ 0x40)
  }

  @Test func transfer_withoutFence_isAnError() throws {
    #expect(try lied(about: 0x105, { $0[4] = 0 }) { presentFailure(&$0, $1, &$2) } == .fenceMissing(.transfer))
  }

  @Test(arguments: [0, 1, 23]) func flush_tooShort_isAnError(_ byteCount: Int) throws {
    let error = try lied(about: 0x104, { $0.removeLast(24 - byteCount) }) { presentFailure(&$0, $1, &$2) }
    #expect(error == .answerTooShort(.flush, found: byteCount, needed: 24))
  }

  @Test(arguments: [0, 0x104, 0x1101, 0x1206, 0xffff_ffff] as [UInt32])
  func flush_ofAWrongType_isAnError(_ type: UInt32) throws {
    let error = try lied(
      about: 0x104,
      { bytes in
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: type >> UInt32(8 * index)) }
      }
    ) { presentFailure(&$0, $1, &$2) }
    #expect(error == .unexpectedAnswer(.flush, found: type, expected: 0x1100))
  }

  @Test(arguments: [GPURejection.unspecified, .outOfMemory, .invalidResource, .invalidParameter])
  func transfer_refused_saysWhy(_ rejection: GPURejection) throws {
    let error = try lied(
      about: 0x105,
      {
        $0[0] = UInt8(rejection.rawValue & 0xff); $0[1] = 0x12
      }
    ) {
      presentFailure(&$0, $1, &$2)
    }
    #expect(error == .rejected(.transfer, rejection))
  }

  @Test func displays_cutShort_areAnError() throws {
    let error = try lied(about: 0x100, { $0.removeLast() }) { gpu, _, waiter in
      failure { () throws(GPUError) in _ = try gpu.displays(waiter: &waiter) }
    }
    #expect(error == .answerTooShort(.displayInformation, found: 407, needed: 408))
  }

  @Test(arguments: [(0, 600), (800, 0), (16_385, 1), (0xffff_ffff, 0xffff_ffff)] as [(UInt32, UInt32)])
  func displays_ofImpossibleSizes_areAnError(_ width: UInt32, _ height: UInt32) throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      bench.model.displays[0] = [0, 0, width, height, 1]
      let error = failure { () throws(GPUError) in _ = try gpu.displays(waiter: &waiter) }
      #expect(error == .invalidDisplay(index: 0, width: width, height: height))
      bench.model.displays[0][4] = 0
      #expect(try gpu.displays(waiter: &waiter)[0].area == .empty)
    }
    #expect(bench.isClean)
  }

  /// No answer, then a late one: it is dropped, and is no answer to what came after.
  @Test func answer_tooLate_isDropped() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 8, height: 8, waiter: &waiter)
      bench.device.setManual(true, queue: 0)
      let began = waiter.now
      let error = failure { () throws(GPUError) in
        try gpu.show(surface, onScanout: 0, waiter: &waiter, timeout: .milliseconds(30))
      }
      guard case .timedOut(.setScanout, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(waiter.now - began == .milliseconds(30) && gpu.controlState.inFlight == 1)
      bench.device.setManual(false, queue: 0)
      bench.device.completeAll(queue: 0)
      #expect(try gpu.displays(waiter: &waiter).count == 1)
      #expect(gpu.controlState.inFlight == 0 && gpu.failureCount == 0)
      try gpu.draw(on: surface) { canvas in canvas.clear(.white) }
      try gpu.present(surface, waiter: &waiter)
      #expect(bench.model.pixel(0, 0) == 0xff_ffff)
    }
    #expect(bench.isClean)
  }

  @Test func device_thatNeverAnswers_runsOutOfRoomAndNotOfTime() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open { $0.queueSize = 4 }
      bench.device.setManual(true, queue: 0)
      var errors: [GPUError] = []
      for _ in 0..<10 {
        if let error = failure({ () throws(GPUError) in
          _ = try gpu.makeSurface(width: 8, height: 8, waiter: &waiter, timeout: .milliseconds(10))
        }) {
          errors.append(error)
        }
      }
      #expect(errors.count == 10 && errors.suffix(5).allSatisfy { $0 == .busy })
    }
    #expect(bench.isClean)
  }

  @Test func usedRing_withAnUnknownId_failsTheDevice() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 8, height: 8, waiter: &waiter)
      bench.device.hostility.usedID = 999
      let error = presentFailure(&gpu, surface, &waiter)
      #expect(error == .deviceFailed(.idUnknown(999)))
      #expect(gpu.failure == error && bench.device.resetCount >= 2)
      bench.device.hostility.usedID = nil
      #expect(presentFailure(&gpu, surface, &waiter) == error)
      #expect(failure { () throws(GPUError) in try gpu.moveCursor(onScanout: 0, x: 0, y: 0) } == error)
      try gpu.destroy(surface, waiter: &waiter)
    }
    #expect(bench.heap.violations == [] && bench.memory.buffersInUse == 0)
  }
}
