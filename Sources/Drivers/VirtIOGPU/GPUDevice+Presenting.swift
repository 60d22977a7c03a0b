public import DevicePlatform
public import Drawing
internal import VirtIO

/// From memory to the screen: a transfer makes the device copy pixels, a flush makes it show them.
extension GPUDevice where T: ~Copyable {
  /// Starts to send what was drawn since the last time: one transfer and one flush of the smallest rectangle with all of
  /// it. Not published yet.
  ///
  /// Draw no more there before the fence is done, or the picture may be torn.
  ///
  /// - Returns: nil when nothing was drawn.
  /// - Throws: `.busy` when there is no room for two commands; nothing is forgotten then.
  public mutating func startPresent(_ surface: GPUSurface) throws(GPUError) -> GPUFence? {
    try check(surface)
    guard let damage = surfaces[surface.slot]?.damage, !damage.isEmpty else { return nil }
    guard hasRoom(for: 2) else { throw end ?? .busy }
    let transfer = try startTransfer(surface, damage)
    let flush = try startFlush(surface, damage)
    surfaces[surface.slot]?.damage = .empty
    return GPUFence(first: transfer.first, last: flush.last)
  }

  /// Starts to copy an area of a surface to the device. Not published yet.
  public mutating func startTransfer(_ surface: GPUSurface, _ area: Rectangle) throws(GPUError) -> GPUFence {
    try check(surface)
    try check(area, of: surface)
    let offset = (area.y * surface.width + area.x) * PixelFormat.byteCount
    try submit(.transfer(surface.id, area, offset: offset))
    transferredByteCount += UInt64(area.width * area.height * PixelFormat.byteCount)
    return lastFence
  }

  /// Starts to show an area of what the device has of a surface, wherever that is on a scanout. Not published yet.
  public mutating func startFlush(_ surface: GPUSurface, _ area: Rectangle) throws(GPUError) -> GPUFence {
    try check(surface)
    try check(area, of: surface)
    try submit(.flush(surface.id, area))
    return lastFence
  }

  /// Sends what was drawn since the last time, and waits until the device shows it.
  public mutating func present<W: Waiter & ~Copyable>(
    _ surface: GPUSurface, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) {
    let deadline = waiter.now + timeout
    while true {
      do throws(GPUError) {
        guard let fence = try startPresent(surface) else { return }
        return try wait(for: fence, waiter: &waiter, timeout: deadline - waiter.now)
      } catch {
        guard error == .busy, waiter.now < deadline else { throw error }
        publish()
        if !control.arm() { waiter.wait(until: deadline) }
        control.disarm()
      }
    }
  }

  private var lastFence: GPUFence { GPUFence(first: nextFence - 1, last: nextFence - 1) }
}
