public import DevicePlatform
public import Drawing
internal import VirtIO

/// Surfaces and scanouts. Each call waits for the device.
extension GPUDevice where T: ~Copyable {
  /// Makes a surface: memory here, and an image of the same size there. Both are black and transparent.
  ///
  /// - Parameters:
  ///   - width: 1 to 16 384 pixels.
  ///   - height: 1 to 16 384 pixels.
  ///   - format: of the pixels.
  /// - Throws: `.invalidSize`; `.memory` for one that does not fit, here; `.rejected` for one that does not, there.
  public mutating func makeSurface<W: Waiter & ~Copyable>(
    width: Int, height: Int, format: PixelFormat = .bgrx, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) -> GPUSurface {
    if let end { throw end }
    let sides = 1...GPUSurface.maximumSide
    guard sides ~= width, sides ~= height else { throw .invalidSize(width: width, height: height) }
    guard let slot = surfaces.firstIndex(where: { $0 == nil }) else {
      throw .tooManySurfaces(limit: surfaces.count)
    }
    let surface = GPUSurface(id: nextSurface, slot: slot, width: width, height: height, format: format)
    let buffer = try allocate(surface.byteCount, alignment: 4096, .deviceReadable)
    let address = buffer.deviceAddress.rawValue
    // Numbers are not used twice: a late answer is about no other surface.
    nextSurface &+= 1
    if nextSurface == 0 { nextSurface = 1 }
    // From here on the device may know it, whatever it answers.
    surfaces[slot] = GPUSurfaceRecord(
      surface: surface, damage: .empty, memory: GPUSurfaceMemory(buffer), isAbandoned: true)
    do throws(GPUError) {
      try run(.createResource(surface.id, width: width, height: height, format), &waiter, timeout)
    } catch {
      // A device that said no has nothing; one that said nothing may have something, but no memory yet.
      surfaces[slot] = nil
      throw error
    }
    do throws(GPUError) {
      try run(.attachBacking(surface.id, address: address, byteCount: surface.byteCount), &waiter, timeout)
    } catch {
      if (try? run(.destroyResource(surface.id), &waiter, timeout)) != nil || isReset { surfaces[slot] = nil }
      throw error
    }
    surfaces[slot]?.isAbandoned = false
    return surface
  }

  /// Destroys a surface that is not shown.
  ///
  /// - Throws: `.surfaceShown`; whatever else it throws, the surface is gone, and its memory is given back only when the
  ///   device has confirmed that it let go of it, or was reset.
  public mutating func destroy<W: Waiter & ~Copyable>(
    _ surface: GPUSurface, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) {
    try check(surface)
    if let scanout = shown.firstIndex(of: surface) { throw .surfaceShown(scanout: scanout) }
    surfaces[surface.slot]?.isAbandoned = true
    if !isReset {
      try run(.detachBacking(surface.id), &waiter, timeout)
      try run(.destroyResource(surface.id), &waiter, timeout)
    }
    surfaces[surface.slot] = nil
  }

  /// Shows a surface, or a part of it, on a scanout, in place of what was there.
  ///
  /// - Parameters:
  ///   - area: of the surface, all of it if nil: the scanout's size in pixels.
  ///   - scanout: below `scanoutCount`.
  public mutating func show<W: Waiter & ~Copyable>(
    _ surface: GPUSurface, area: Rectangle? = nil, onScanout scanout: Int, waiter: inout W,
    timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) {
    try check(surface)
    try check(scanout)
    let area = area ?? surface.bounds
    try check(area, of: surface)
    try run(.setScanout(scanout, surface.id, area), &waiter, timeout)
    shown[scanout] = surface
  }

  /// Switches a scanout off.
  public mutating func hide<W: Waiter & ~Copyable>(
    scanout: Int, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(GPUError) {
    try check(scanout)
    if isReset {
      shown[scanout] = nil
      return
    }
    try run(.setScanout(scanout, 0, .empty), &waiter, timeout)
    shown[scanout] = nil
  }

  /// Draws on a surface's memory. Nobody sees it before it is presented.
  public mutating func draw(on surface: GPUSurface, _ body: (inout Canvas) -> Void) throws(GPUError) {
    try check(surface)
    guard let memory = surfaces[surface.slot]?.memory else { throw .surfaceUnknown }
    // Lent to this call: a span cannot point into an object's property.
    var buffer = DMABuffer()
    swap(&buffer, &memory.buffer)
    var canvas = Canvas(
      buffer.mutableWords, width: surface.width, height: surface.height, stride: surface.width,
      format: surface.format)
    body(&canvas)
    let damage = canvas.damage
    swap(&buffer, &memory.buffer)
    let earlier = surfaces[surface.slot]?.damage ?? .empty
    surfaces[surface.slot]?.damage = earlier.union(damage)
  }

  func check(_ surface: GPUSurface) throws(GPUError) {
    guard surfaces.indices.contains(surface.slot), let record = surfaces[surface.slot], record.surface == surface,
      !record.isAbandoned
    else { throw .surfaceUnknown }
  }

  func check(_ area: Rectangle, of surface: GPUSurface) throws(GPUError) {
    guard surface.bounds.contains(area) else {
      throw .areaOutside(area, width: surface.width, height: surface.height)
    }
  }
}
