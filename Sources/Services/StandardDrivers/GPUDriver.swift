public import DeviceManager
public import DevicePlatform
public import DeviceTraits
public import Drawing
public import VirtIO
public import VirtIOGPU

/// Has the manager drive GPUs.
public struct GPUDriver: DeviceDriver {
  /// The driver's name.
  public let name = "virtio-gpu"
  /// `display0`, `display1`, ...
  public let naming = DeviceNaming.numbered("display")
  /// Before everything else.
  public let priority = DriverPriority.display
  private let options: GPUOptions

  /// A driver.
  ///
  /// - Parameter options: for each device.
  public init(options: GPUOptions = GPUOptions()) { self.options = options }

  /// GPUs. There are none of the drafts before version 1.
  public func matches(_ device: DeviceIdentification) -> Bool { device.type == .gpu && !device.isLegacy }

  /// Brings a GPU up. Its screens stay off.
  public func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named name: String
  ) throws(BringupError) -> any DrivenDevice {
    var waiter = slot.polling
    return GPUScreens(try GPUDevice(transport, options: options, waiter: &waiter), in: slot, named: name)
  }
}

/// A VirtIO GPU as one of the machine's displays: a screen for each scanout.
public final class GPUScreens<T: Transport & ~Copyable>: DisplayDevice, DrivenDevice {
  private var gpu: GPUDevice<T>
  private var waiter: DeviceWaiter
  private var surfaces: [GPUSurface?]
  // What the device said of its displays, the last time that it was asked.
  private var displays: [GPUDisplay] = []
  /// What was wrong with that.
  public private(set) var complaint: String?
  // In the middle of something, or out of order: an exception is not reported here.
  private var isBusy = false
  private var emergencyWaiter: DeviceWaiter

  /// Takes a GPU over, and has it interrupt if it can.
  public init(_ gpu: consuming GPUDevice<T>, in slot: any DeviceSlot, named name: String) {
    waiter = slot.connect(gpu.makeInterruptHandle().erased, name: name) ?? slot.polling
    emergencyWaiter = slot.polling
    surfaces = [GPUSurface?](repeating: nil, count: gpu.scanoutCount)
    self.gpu = gpu
    askDisplays()
  }

  /// A display.
  public var role: DeviceRole { .display(self) }
  /// Where it is.
  public var location: String { gpu.location }
  /// The scanouts.
  public var screenCount: Int { surfaces.count }
  /// Bytes of memory that pictures have.
  public var pictureByteCount: Int { gpu.surfaceByteCount }

  /// A device that does not tell leaves things as they were.
  private func askDisplays() {
    isBusy = true
    defer { isBusy = false }
    do throws(GPUError) {
      displays = try gpu.displays(waiter: &waiter, timeout: .seconds(1))
      complaint = nil
    } catch {
      complaint = error.words
    }
  }

  /// What is shown.
  public func mode(ofScreen screen: Int) -> DisplayMode? {
    guard surfaces.indices.contains(screen), let surface = surfaces[screen] else { return nil }
    return DisplayMode(width: surface.width, height: surface.height, format: surface.format)
  }

  /// What the device told with its displays.
  public func preferredMode(ofScreen screen: Int) -> DisplayMode {
    guard isConnected(screen: screen) else { return .fallback }
    return DisplayMode(width: displays[screen].area.width, height: displays[screen].area.height)
  }

  /// The device says that its display is enabled.
  public func isConnected(screen: Int) -> Bool { displays.indices.contains(screen) && displays[screen].isEnabled }

  /// Shows a new surface, and gives the old one's memory back.
  public func setMode(_ mode: DisplayMode, onScreen screen: Int) throws(DisplayFailure) {
    guard surfaces.indices.contains(screen) else { throw .noScreen(screen, count: surfaces.count) }
    isBusy = true
    defer { isBusy = false }
    do throws(GPUError) {
      let surface = try gpu.makeSurface(
        width: mode.width, height: mode.height, format: mode.format, waiter: &waiter)
      do throws(GPUError) {
        // Black, whatever the device's image begins with.
        try gpu.draw(on: surface) { canvas in canvas.clear(.black) }
        let transfer = try gpu.startTransfer(surface, surface.bounds)
        try gpu.wait(for: transfer, waiter: &waiter)
        try gpu.show(surface, onScanout: screen, waiter: &waiter)
      } catch {
        do throws(GPUError) { try gpu.destroy(surface, waiter: &waiter) } catch {}
        throw error
      }
      let old = surfaces[screen]
      surfaces[screen] = surface
      try gpu.present(surface, waiter: &waiter)
      waiter.noteProgress()
      // One that the device does not confirm is the driver's to keep.
      if let old { do throws(GPUError) { try gpu.destroy(old, waiter: &waiter) } catch {} }
    } catch {
      throw .failed(error.words)
    }
  }

  private func surface(_ screen: Int) throws(DisplayFailure) -> GPUSurface {
    guard surfaces.indices.contains(screen) else { throw .noScreen(screen, count: surfaces.count) }
    if let failure = gpu.failure { throw .failed(failure.words) }
    guard let surface = surfaces[screen] else { throw .off(screen: screen) }
    return surface
  }

  /// Draws on a scanout's surface.
  public func draw(onScreen screen: Int, _ body: (inout Canvas) -> Void) throws(DisplayFailure) {
    let surface = try surface(screen)
    isBusy = true
    defer { isBusy = false }
    do throws(GPUError) { try gpu.draw(on: surface, body) } catch { throw .failed(error.words) }
  }

  /// One transfer and one flush of the smallest rectangle with everything that was drawn.
  public func present(screen: Int) throws(DisplayFailure) {
    let surface = try surface(screen)
    isBusy = true
    defer { isBusy = false }
    do throws(GPUError) {
      try gpu.present(surface, waiter: &waiter)
      waiter.noteProgress()
    } catch {
      throw .failed(error.words)
    }
  }

  /// Draws; a device that does not answer is tried once, for a second.
  public func drawInEmergency(onScreen screen: Int, presents: Bool, _ body: (inout Canvas) -> Void) -> Bool {
    guard !isBusy, surfaces.indices.contains(screen), let surface = surfaces[screen] else { return false }
    isBusy = true
    do throws(GPUError) {
      try gpu.draw(on: surface, body)
      if presents { try gpu.present(surface, waiter: &emergencyWaiter, timeout: .seconds(1)) }
    } catch {
      return false
    }
    isBusy = false
    return true
  }

  /// Asks the device for its displays anew when it says that they changed.
  public func takeChange() -> Bool {
    isBusy = true
    do throws(GPUError) {
      defer { isBusy = false }
      guard try gpu.takeDisplayEvent() else { return false }
    } catch {
      return false
    }
    askDisplays()
    return true
  }

  /// All that can be seen of it.
  public func observe() -> DeviceObservation? { gpu.observe() }

  /// Resets the device.
  public func shutDown() -> String? {
    // For good: there is nothing to draw on any more.
    isBusy = true
    do throws(BringupError) {
      try gpu.shutDown(waiter: &waiter)
      return nil
    } catch {
      return error.words
    }
  }

  /// The device is gone.
  public func deviceWasRemoved(_ removal: DeviceRemoval) { gpu.deviceWasRemoved(removal) }
}
