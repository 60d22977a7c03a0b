public import DevicePlatform
internal import Drawing
public import VirtIO

/// A GPU, in two dimensions: surfaces to draw on, scanouts to show them on, a cursor on each.
///
///     var gpu = try GPUDevice(transport, waiter: &waiter)
///     let surface = try gpu.makeSurface(width: 1280, height: 800, waiter: &waiter)
///     try gpu.show(surface, onScanout: 0, waiter: &waiter)
///     try gpu.draw(on: surface) { canvas in canvas.clear(.white) }
///     try gpu.present(surface, waiter: &waiter)                      // waits
///
///     if let fence = try gpu.startPresent(surface) {                 // does not
///       gpu.publish()
///       gpu.poll()
///       ... gpu.state(of: fence) ...
///     }
///
/// The value is the device's one owner, and that of the surfaces' memory. Dropping it resets the device.
///
/// SPEC: Device Types / GPU Device
public struct GPUDevice<T: Transport & ~Copyable>: ~Copyable {
  var transport: T
  var control: Virtqueue<T>
  var cursors: Virtqueue<T>
  /// Buffers for answers without data that no command has.
  var answers: DMABufferStack
  /// What is under way, by token.
  var records: [GPURecord]
  var failures = GPUFailures()
  /// The next command's number.
  var nextFence: UInt64 = 1
  var surfaces: [GPUSurfaceRecord?]
  var nextSurface: UInt32 = 1
  /// What each scanout shows.
  var shown: [GPUSurface?]
  /// The number of the cursor's surface on each scanout; 0 where there is none.
  var cursorSurfaces: [UInt32]
  /// The device broke the rules, asked for a reset, or was reset.
  var end: GPUError?
  /// The device has let go of all memory.
  var isReset = false
  /// Bytes of pixels that the device was told to copy, all since bring-up.
  public internal(set) var transferredByteCount: UInt64 = 0
  /// How many scanouts the device has: 1 to 16.
  public let scanoutCount: Int
  /// Where the interrupt side leaves events. Take them before `poll`.
  public let mailbox = EventMailbox()
  /// What was negotiated.
  public let features: FeatureSet

  /// Brings a GPU up. Nothing is shown yet.
  ///
  /// - Parameters:
  ///   - transport: consumed, also on failure: a device that could not be brought up is left with FAILED set.
  ///   - options: limits and wishes.
  ///   - waiter: waits for the reset.
  public init<W: Waiter & ~Copyable>(
    _ transport: consuming T, options: GPUOptions = GPUOptions(), waiter: inout W
  ) throws(BringupError) {
    precondition(options.queueSize >= 4, "a queue for two commands, at least")
    precondition(1...1024 ~= options.maximumSurfaces, "1 to 1024 surfaces")
    var transport = transport
    let parts = try transport.bringUp(
      as: .gpu, features: DriverFeatures(wanted: options.features.intersection(GPUOptions().features)),
      waiter: &waiter, timeout: options.resetTimeout
    ) { (transport, features) throws(BringupError) in
      try GPUParts(&transport, options, features)
    }
    self.transport = transport
    scanoutCount = parts.scanoutCount
    features = parts.features
    records = [GPURecord](repeating: .none, count: parts.control.size)
    control = parts.control
    cursors = parts.cursors
    answers = parts.answers
    surfaces = [GPUSurfaceRecord?](repeating: nil, count: options.maximumSurfaces)
    shown = [GPUSurface?](repeating: nil, count: parts.scanoutCount)
    cursorSurfaces = [UInt32](repeating: 0, count: parts.scanoutCount)
    control.disarm()
    cursors.disarm()
  }

  deinit {
    // A device that still had memory would go on reading and writing it.
    if let reset = transport.reset(attempts: 1_000_000) {
      var control = control
      var cursors = cursors
      control.deviceWasReset(reset)
      cursors.deviceWasReset(reset)
    } else if !isReset {
      for record in surfaces { record?.memory.lose() }
    }
  }

  /// The interrupt side: for the kernel's interrupt table. Without it the driver works by polling.
  public func makeInterruptHandle() -> InterruptHandle<T.Interrupts> {
    InterruptHandle(source: transport.makeInterruptSource(), mailbox: mailbox)
  }

  /// What the device status says at this moment.
  public var status: DeviceStatus { transport.readStatus() }
  /// Where the device is.
  public var location: String { transport.location }
  /// The queue of commands, to look at.
  public var controlState: QueueState { QueueState(control) }
  /// The queue of cursors, to look at.
  public var cursorState: QueueState { QueueState(cursors) }
  /// Commands that the device refused or answered wrongly, all since bring-up.
  public var failureCount: UInt64 { failures.count }
  /// Bytes of memory that surfaces have.
  public var surfaceByteCount: Int {
    var count = 0
    for record in surfaces { count += record?.surface.byteCount ?? 0 }
    return count
  }
}
