import DevicePlatform
import Testing
import VirtIO
import VirtIOGPU
import VirtIOTestSupport

/// The end of a GPU's use.
struct LifeTests {
  /// - Returns: what becomes of a surface that is asked for afterwards.
  private func failureAfter(_ end: (inout GPU) throws -> Void) throws -> GPUError? {
    let bench = Bench()
    var error: GPUError?
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      _ = try gpu.makeSurface(width: 8, height: 8, waiter: &waiter)
      #expect(gpu.failure == nil)
      try end(&gpu)
      error = failure { () throws(GPUError) in _ = try gpu.makeSurface(width: 8, height: 8, waiter: &waiter) }
      #expect(gpu.failure == error)
    }
    #expect(bench.isClean)
    return error
  }

  @Test func device_thatIsShutDown_isResetAndDoesNothingMore() throws {
    let error = try failureAfter { gpu in
      var waiter = TestWaiter()
      try gpu.shutDown(waiter: &waiter)
      #expect(gpu.observe().queues.count == 2)
    }
    #expect(error == .deviceReset)
  }

  /// Nothing is lost with it: the bus says that it writes no memory any more.
  @Test func device_thatWasTakenOut_givesItsMemoryBack() throws {
    let error = try failureAfter { gpu in
      // The bus of this test says so.
      gpu.deviceWasRemoved(unsafe DeviceRemoval())
    }
    #expect(error == .deviceAbsent)
  }
}
