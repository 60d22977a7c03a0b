import DevicePlatform
import Drawing
import Pictures
import Testing
import VhostUser
import VirtIO
import VirtIOBlock
import VirtIOGPU
import VirtualMachine

/// GPUs that go away, that are none, or that nobody gave a display: a typed error in time.
@Suite(.timeLimit(.minutes(1)), .enabled(if: !DrawingBackEnd.canSharePictures))
struct GPUBackEndFailureTests {
  private typealias GPU = GPUDevice<VhostUserTransport>

  /// Killed while it has updates to send: all that waits ends, the device says why, no memory is lost, and another back-end
  /// takes its place.
  @Test func backEndKilledInTheMiddle_isAnErrorAndIsReplaced() throws {
    let backEnd = try DrawingBackEnd()
    var waiter = backEnd.device.makeWaiter()
    for round in 0..<3 {
      do {
        var gpu = try GPU(backEnd.device.makeTransport(), waiter: &waiter)
        let surface = try gpu.makeSurface(width: 640, height: 480, waiter: &waiter)
        try gpu.show(surface, onScanout: 0, waiter: &waiter)
        try gpu.draw(on: surface) { canvas in canvas.clear(Color(0x102030)) }
        try gpu.present(surface, waiter: &waiter)
        let screen = try backEnd.screen()
        #expect(PictureDifference(screen, width: 640, height: 480) { _, _ in Color(0x102030) } == .none)
        var last: GPUFence?
        for _ in 0..<4 {
          _ = try gpu.startTransfer(surface, surface.bounds)
          last = try gpu.startFlush(surface, surface.bounds)
        }
        gpu.publish()
        backEnd.process?.kill()
        let fence = try #require(last)
        let error = failure { () throws(GPUError) in
          try gpu.wait(for: fence, waiter: &waiter)
          // They were all done before it died; the next one is not.
          _ = try gpu.displays(waiter: &waiter)
        }
        switch error {
        case .timedOut(_, let status)?: #expect(status.contains(.deviceNeedsReset))
        default: Issue.record("\(String(describing: error)) in round \(round)")
        }
        guard case .closed? = backEnd.device.failure else {
          Issue.record("\(String(describing: backEnd.device.failure)) in round \(round)")
          return
        }
        try gpu.shutDown(waiter: &waiter)
      }
      #expect(backEnd.device.memory.buffersInUse == 0 && backEnd.device.memory.buffersLost == 0)
      try backEnd.device.reconnect(patience: .seconds(20))
      #expect(backEnd.display.picture(ofScanout: 0) == nil, "shows what the last one did")
    }
  }

  /// The number of scanouts is the displays': the back-end has none.
  @Test func backEndWithoutDisplays_isNotBroughtUp() throws {
    let backEnd = try DrawingBackEnd(hasDisplay: false)
    #expect(backEnd.device.offer.configuration == [UInt8](repeating: 0, count: 16))
    var waiter = backEnd.device.makeWaiter()
    let error = bringUpFailure { () throws(BringupError) in
      _ = try GPU(backEnd.device.makeTransport(), waiter: &waiter)
    }
    #expect(error == .configuration(.invalid(field: ConfigurationField("num_scanouts"), value: 0)))
  }

  @Test func disk_asAGPU_isRefused() throws {
    let image = try MemoryFile(byteCount: 1 << 20)
    let disk = try ExportedDisk("driver=file,filename=\(StorageDaemon.path(ofFile: 0))", files: [image])
    var options = VhostUserOptions()
    options.display = VhostUserDisplay([DisplayMode(width: 640, height: 480)])
    do {
      _ = try VhostUserDevice(path: disk.socketPath, type: .gpu, options: options)
      Issue.record("a disk took a display")
    } catch {
      #expect(error == .closed(request: .setDisplaySocket, received: 0, expected: 12))
      #expect(error.words.contains("is it a GPU?"))
    }
  }

  @Test func displayRefused_isTold() throws {
    let backend = ScriptedBackend(deed: { request, _ in request == .setDisplaySocket ? .acknowledge(1) : nil })
    do {
      _ = try backend.connect(as: .gpu) { $0.display = VhostUserDisplay([DisplayMode(width: 64, height: 64)]) }
      Issue.record("a display that was refused")
    } catch { #expect(error as? VhostUserError == .refused(request: .setDisplaySocket, result: 1)) }
  }

  /// The protocol does not tell what a device is. As a disk this one has no sectors.
  @Test func gpu_asADisk_hasNoSectors() throws {
    let backEnd = try DrawingBackEnd(as: .block, hasDisplay: false)
    var waiter = backEnd.device.makeWaiter()
    var disk = try BlockDevice(backEnd.device.makeTransport(), waiter: &waiter)
    var buffer = try backEnd.device.memory.allocate(byteCount: 512)
    do throws(BlockError) {
      try disk.read(sector: 0, into: &buffer, waiter: &waiter)
      Issue.record("a sector of a GPU")
    } catch {
      guard case .refused(.beyondCapacity(_, _, 0)) = error else { throw error }
    }
  }

  /// A reset does not make this back-end forget its surfaces, as it should: the second driver's are refused, in words, and
  /// drawn again with another back-end.
  @Test func secondDriver_isToldThatItsSurfacesAreThere() throws {
    let backEnd = try DrawingBackEnd()
    var waiter = backEnd.device.makeWaiter()
    for isFirst in [true, false] {
      var gpu = try GPU(backEnd.device.makeTransport(), waiter: &waiter)
      let error = failure { () throws(GPUError) in
        _ = try gpu.makeSurface(width: 64, height: 64, waiter: &waiter)
      }
      #expect(error == (isFirst ? nil : .rejected(.createResource, .invalidResource)))
      try gpu.shutDown(waiter: &waiter)
    }
    try backEnd.device.reconnect(patience: .seconds(20))
    var gpu = try GPU(backEnd.device.makeTransport(), waiter: &waiter)
    _ = try gpu.makeSurface(width: 64, height: 64, waiter: &waiter)
  }

  private func failure(_ body: () throws(GPUError) -> Void) -> GPUError? {
    do throws(GPUError) {
      try body()
      return nil
    } catch { return error }
  }

  private func bringUpFailure(_ body: () throws(BringupError) -> Void) -> BringupError? {
    do throws(BringupError) {
      try body()
      return nil
    } catch { return error }
  }
}
