/// The device's view of one split virtqueue.
struct ScriptedQueue {
  /// As offered; the driver may choose less.
  let maximumSize: UInt32
  /// As chosen by the driver.
  var size: UInt16 = 0
  var descriptorArea: UInt64 = 0
  var driverArea: UInt64 = 0
  var deviceArea: UInt64 = 0
  /// Legacy: what the page number register reads.
  var pageNumber: UInt32 = 0
  /// Legacy: QueueAlign.
  var alignment: UInt32 = 0
  var isEnabled = false

  /// Completed as soon as seen, or held for the test.
  var isManual = false
  /// Whether the device asks for notifications.
  var wantsNotifications = true
  var handler: ScriptedDevice.Handler = { _, _ in ScriptedReply() }

  /// Chains taken from the available ring so far, modulo 65536.
  var nextAvailable: UInt16 = 0
  /// used.idx as the device wrote it.
  var usedIndex: UInt16 = 0
  /// Elements before it, for replays.
  var lastUsed: (id: UInt32, length: UInt32) = (0, 0)
  /// Taken and not given back, in order.
  var pending: [ScriptedRequest] = []
  /// Descriptors of the ring that belong to `pending`.
  var busy: Set<UInt16> = []

  init(maximumSize: UInt32) { self.maximumSize = maximumSize }

  /// Forgets what the driver set up; how the test set the queue up stays.
  mutating func reset() {
    var fresh = ScriptedQueue(maximumSize: maximumSize)
    fresh.isManual = isManual
    fresh.wantsNotifications = wantsNotifications
    fresh.handler = handler
    self = fresh
  }
}
