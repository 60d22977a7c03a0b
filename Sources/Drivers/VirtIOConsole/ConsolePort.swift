internal import DevicePlatform
internal import VirtIO

/// What the driver keeps of one port.
///
/// An object of its own, made once at bring-up: the device's value would be thousands of bytes otherwise, and is copied
/// where it is lent.
final class ConsolePort<T: Transport & ~Copyable> {
  var receive: Virtqueue<T>
  var transmit: Virtqueue<T>
  /// The device has added it.
  var isThere = false
  /// It is for text.
  var isConsole = false
  /// Somebody on the device's side has it open.
  var isOpenByDevice = false
  /// The driver's side wants it open; and what the device was told last.
  var isOpen = false
  var toldOpen = false
  /// The device waits for the answer to its addition.
  var owesReady = false
  var name: String?
  var size: ConsoleSize?

  /// The copying form's request for bytes, while it is under way.
  var chunkToken: Token?
  /// Bytes that came for the copying form and were not taken yet: from `chunkStart` to `chunkEnd`.
  var chunk = DMABuffer()
  var chunkStart = 0
  var chunkEnd = 0

  init(receive: consuming Virtqueue<T>, transmit: consuming Virtqueue<T>) {
    self.receive = receive
    self.transmit = transmit
  }

  var fault: QueueFault? { receive.fault ?? transmit.fault }

  func deviceWasReset(_ reset: DeviceReset) {
    receive.deviceWasReset(reset)
    transmit.deviceWasReset(reset)
  }

  func deviceWasRemoved(_ removal: DeviceRemoval) {
    receive.deviceWasRemoved(removal)
    transmit.deviceWasRemoved(removal)
  }

  /// The device has something to be told.
  var owesMessage: Bool { owesReady || isThere && isOpen != toldOpen }
}

/// The queues for messages about ports.
final class ConsoleControl<T: Transport & ~Copyable> {
  var receive: Virtqueue<T>
  var transmit: Virtqueue<T>
  /// Buffers for messages to the device that are not under way.
  var spare: DMABufferStack

  init(receive: consuming Virtqueue<T>, transmit: consuming Virtqueue<T>, spare: consuming DMABufferStack) {
    self.receive = receive
    self.transmit = transmit
    self.spare = spare
  }

  func deviceWasReset(_ reset: DeviceReset) {
    receive.deviceWasReset(reset)
    transmit.deviceWasReset(reset)
  }

  func deviceWasRemoved(_ removal: DeviceRemoval) {
    receive.deviceWasRemoved(removal)
    transmit.deviceWasRemoved(removal)
  }

  /// Takes back the buffers of messages that the device has read.
  func takeBackSent() {
    while let completion = transmit.complete() { spare.push(completion.takeBuffer()) }
  }

  /// Sends a message; false when there is no room at the moment.
  func send(_ message: ConsoleMessage) -> Bool {
    takeBackSent()
    guard var buffer = spare.pop() else { return false }
    message.store(into: &buffer)
    switch transmit.submit(buffer, deviceWrites: false) {
    case .accepted: return true
    case .refused(_, let buffer):
      spare.push(buffer)
      return false
    }
  }
}
