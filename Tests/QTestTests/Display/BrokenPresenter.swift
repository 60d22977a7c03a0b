import DevicePlatform
import Drawing
import Pictures
import QTest
import Testing
import VirtIO
import VirtIOGPU

/// Does all but one thing. A flush that is left out is seen by somebody who watches: `VNCTests`; a screenshot has no need
/// of it.
struct BrokenPresenter: TransportUser {
  enum Fault: CaseIterable {
    case noTransfer
    case noScanout
    case oneColumnShort
    case none
  }

  let fault: Fault

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var gpu = try GPUDevice(transport, waiter: &waiter)
    let surface = try gpu.makeSurface(width: 64, height: 48, waiter: &waiter)
    if fault != .noScanout { try gpu.show(surface, onScanout: 0, waiter: &waiter) }
    try gpu.draw(on: surface) { canvas in canvas.pattern(canvas.bounds) }
    // QEMU copies all of a resource when it is told to copy some whole rows from the top.
    let area = Rectangle(x: 0, y: 0, width: fault == .oneColumnShort ? 63 : 64, height: 48)
    if fault != .noTransfer { _ = try gpu.startTransfer(surface, area) }
    let flush = try gpu.startFlush(surface, area)
    try gpu.wait(for: flush, waiter: &waiter)
    let difference = PictureDifference(try bench.screen(), width: 64, height: 48) { patternColor($0, $1) }
    if fault == .none { #expect(difference == .none) } else { #expect(difference != .none) }
  }
}
