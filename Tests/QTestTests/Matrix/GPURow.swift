import DevicePlatform
import Drawing
import Pictures
import QTest
import Testing
import VirtIO
import VirtIOGPU
import VirtualMachine

/// The GPU driver against QEMU's GPU, whose screen is looked at: each pixel is known.
struct GPURow: DriverRow {
  let description = "GPU"
  let model = "gpu"
  let type = DeviceType.gpu
  // The model has 64 entries and no switch for it.
  let deviceSizes: [Int] = []
  let driverSizes = [4, 16, 64]
  let largestSize = 64

  /// There are no GPUs of the drafts before version 1, and QEMU makes no transitional ones.
  func isThere(in place: Place) -> Bool { !place.isLegacy && place != .q35TransitionalPCI }

  func backing(count: Int, in place: Place) throws -> Backing {
    var backing = Backing()
    backing.properties = [String](repeating: place.isPCI ? ",romfile=" : "", count: count)
    return backing
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench, _ trial: MatrixTrial) throws {
    var options = GPUOptions()
    options.features.subtract([.eventIndex, .indirectDescriptors])
    options.features.formUnion(trial.wanted)
    options.queueSize = trial.wantedSize
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, options: options, waiter: &waiter)
    try bench.expectAgreement(on: gpu.features, wishes: options.features, trial)
    let size = trial.expectedSize(bench.place, self)
    let capacity = trial.expected.contains(.indirectDescriptors) ? size : size / 2
    #expect(gpu.controlState.size == size && gpu.controlState.capacity == capacity, bench.note)
    bench.machine.connection.postsWrites = true
    let surface = try gpu.makeSurface(width: 33, height: 17, waiter: &waiter)
    try gpu.show(surface, onScanout: 0, waiter: &waiter)
    for round in 0..<2 { try tryFullQueue(&gpu, surface, &waiter, bench, trial, seed: trial.number + round) }

    let fence = try gpu.startFlush(surface, surface.bounds)
    try gpu.wait(for: fence, waiter: &waiter)
    #expect(gpu.failureCount == 0 && gpu.failure == nil && gpu.status.contains(.driverOK), bench.note)
    try bench.expectAgreement(on: gpu.controlState)
    try bench.expectLast(
      [.init(address: 0, byteCount: 64, deviceWrites: false), .init(address: 0, byteCount: 24, deviceWrites: true)],
      gpu.controlState, trial)
    try gpu.moveCursor(onScanout: 0, x: 3, y: 4)
    let deadline = waiter.now + .seconds(10)
    while gpu.cursorState.inFlight > 0, waiter.now < deadline {
      gpu.poll()
      waiter.wait(until: deadline)
    }
    try bench.expectAgreement(on: gpu.cursorState)
  }

  /// Draws row by row and presents each, until the device has as much as it takes; with one notification at most, all of
  /// them are shown.
  private func tryFullQueue<T: Transport & ~Copyable>(
    _ gpu: inout GPUDevice<T>, _ surface: GPUSurface, _ waiter: inout QTestWaiter, _ bench: Bench, _ trial: MatrixTrial,
    seed: Int
  ) throws {
    let pairs = gpu.controlState.capacity / 2
    var last: GPUFence?
    for number in 0...pairs {
      try gpu.draw(on: surface) { canvas in
        canvas.pattern(Rectangle(x: 0, y: number % 17, width: 33, height: 1), seed: seed)
      }
      if number < pairs {
        last = try gpu.startPresent(surface)
      } else {
        #expect(throws: GPUError.busy, bench.note) { _ = try gpu.startPresent(surface) }
      }
    }
    let bells = gpu.controlState.counters.notifications
    gpu.publish()
    #expect(gpu.controlState.counters.notifications - bells <= 1, bench.note)
    try gpu.wait(for: try #require(last), waiter: &waiter)
    try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds, seed: seed) }
    try gpu.present(surface, waiter: &waiter)
    try bench.machine.connection.synchronize()
    let screen = try bench.machine.emulator.screenshot(device: "dev\(trial.device)")
    #expect(
      PictureDifference(screen, width: 33, height: 17) { patternColor($0, $1, seed: seed) } == .none, bench.note)
  }
}
