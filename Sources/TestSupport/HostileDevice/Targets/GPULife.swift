import DevicePlatform
import Drawing
import VirtIO
import VirtIOGPU
import VirtIOTestSupport

/// What a caller of the GPU driver holds, and what it does next. Errors are answers, too.
struct GPULife {
  private(set) var surfaces: [GPUSurface] = []
  private(set) var findings: [String] = []
  private var fences: [GPUFence] = []
  private let patience = TimeSpan.seconds(1)

  mutating func call<T: Transport & ~Copyable>(
    _ choice: UInt8, _ gpu: inout GPUDevice<T>, _ waiter: inout TestWaiter, _ decisions: Decisions
  ) {
    let surface = surfaces.isEmpty ? nil : surfaces[Int(choice >> 4) % surfaces.count]
    let scanout = Int(choice >> 4) % (gpu.scanoutCount + 1)
    switch choice & 15 {
    case 0: make(&gpu, &waiter, decisions)
    case 1: if let surface { try? gpu.show(surface, onScanout: scanout, waiter: &waiter, timeout: patience) }
    case 2: try? gpu.hide(scanout: scanout, waiter: &waiter, timeout: patience)
    case 3, 4: if let surface { draw(surface, &gpu, choice) }
    case 5: if let surface { try? gpu.present(surface, waiter: &waiter, timeout: patience) }
    case 6: if let surface, let fence = try? gpu.startPresent(surface) { fences.append(fence) }
    case 7: gpu.publish()
    case 8:
      gpu.poll()
      fences.removeAll { gpu.state(of: $0) != .pending }
    case 9: if let fence = fences.popLast() { try? gpu.wait(for: fence, waiter: &waiter, timeout: patience) }
    case 10: askDisplays(&gpu, &waiter)
    case 11: askEDID(&gpu, &waiter, scanout)
    case 12: _ = try? gpu.takeDisplayEvent()
    case 13:
      if let surface {
        try? gpu.setCursor(surface, onScanout: scanout, x: 1, y: 2, waiter: &waiter, timeout: patience)
      }
    case 14:
      try? gpu.moveCursor(onScanout: scanout, x: Int(choice), y: -1)
      if choice > 200 { try? gpu.hideCursor(onScanout: scanout) }
    default: if let surface { destroy(surface, &gpu, &waiter) }
    }
  }

  private mutating func make<T: Transport & ~Copyable>(
    _ gpu: inout GPUDevice<T>, _ waiter: inout TestWaiter, _ decisions: Decisions
  ) {
    let side = Int(decisions.byte())
    // 64 by 64 is a cursor.
    let (width, height) = side > 200 ? (64, 64) : (side & 15, 1 + side >> 4)
    guard let surface = try? gpu.makeSurface(width: width, height: height, waiter: &waiter, timeout: patience) else {
      return
    }
    if width == 0 { findings.append("a surface without pixels") }
    surfaces.append(surface)
  }

  private mutating func draw<T: Transport & ~Copyable>(
    _ surface: GPUSurface, _ gpu: inout GPUDevice<T>, _ choice: UInt8
  ) {
    let isDrawn =
      (try? gpu.draw(on: surface) { canvas in
        canvas.fill(Rectangle(x: Int(choice >> 6), y: 0, width: 3, height: 2), with: .white)
      }) != nil
    if !isDrawn { findings.append("a surface that nobody destroyed is unknown") }
  }

  /// Whatever becomes of it, nobody can use it afterwards, unless it is shown.
  private mutating func destroy<T: Transport & ~Copyable>(
    _ surface: GPUSurface, _ gpu: inout GPUDevice<T>, _ waiter: inout TestWaiter
  ) {
    do throws(GPUError) {
      try gpu.destroy(surface, waiter: &waiter, timeout: patience)
    } catch {
      if case .surfaceShown = error { return }
    }
    surfaces.removeAll { $0 == surface }
    if (try? gpu.draw(on: surface) { _ in }) != nil { findings.append("a destroyed surface is drawn on") }
  }

  private mutating func askDisplays<T: Transport & ~Copyable>(_ gpu: inout GPUDevice<T>, _ waiter: inout TestWaiter) {
    guard let displays = try? gpu.displays(waiter: &waiter, timeout: patience) else { return }
    if displays.count != gpu.scanoutCount { findings.append("\(displays.count) displays") }
    let sides = 1...GPUSurface.maximumSide
    for display in displays where display.isEnabled {
      if !sides.contains(display.area.width) || !sides.contains(display.area.height) {
        findings.append("a display of \(display.area.width)x\(display.area.height)")
      }
    }
  }

  private mutating func askEDID<T: Transport & ~Copyable>(
    _ gpu: inout GPUDevice<T>, _ waiter: inout TestWaiter, _ scanout: Int
  ) {
    guard let edid = try? gpu.edid(ofScanout: scanout, waiter: &waiter, timeout: patience) else { return }
    findings += EDIDTarget.faults(edid, byteCount: EDID.maximumByteCount)
  }
}
