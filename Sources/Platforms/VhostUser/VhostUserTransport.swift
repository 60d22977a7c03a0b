public import DevicePlatform
import Synchronization
public import VirtIO

/// A device whose registers are messages to a vhost-user back-end.
///
/// No access fails here: what goes wrong is kept in `VhostUserDevice.failure`, and the device status says
/// DEVICE_NEEDS_RESET from then on. Each access has a deadline.
public struct VhostUserTransport: Transport, ~Copyable {
  /// Which device this is.
  public let identity = DeviceIdentity()
  /// The device that this is the transport of.
  public let device: VhostUserDevice

  init(_ device: VhostUserDevice) { self.device = device }

  /// Where rings and buffers come from.
  public var memory: VhostUserMemory { device.memory }
  /// What the caller said that the device is.
  public var deviceType: DeviceType { device.type }
  /// There are no legacy devices behind vhost-user that would lack VERSION_1 for good reason.
  public var isLegacy: Bool { false }
  /// The socket's path.
  public var location: String { "vhost-user \(device.path)" }

  /// Reads the device status, as the back-end or this side keeps it.
  public func readStatus() -> DeviceStatus { device.session.withLock { $0.readStatus() } }
  /// Writes the device status: settles the features, enables the queues, or stops them.
  public func writeStatus(_ status: DeviceStatus) { device.session.withLock { $0.writeStatus(status) } }

  /// The protocol carries 64 bits.
  public var featureWordCount: Int { 2 }
  /// Reads a word of what the back-end offers, without the protocol's own bits.
  public func readDeviceFeatures(word index: Int) -> UInt32 { device.features.word(index) }
  /// Notes a word of what the driver accepts; told when it is complete.
  public func writeDriverFeatures(_ value: UInt32, word index: Int) {
    precondition(0..<2 ~= index, "the protocol has two words of features")
    device.session.withLock {
      $0.driverFeatures &= ~(0xffff_ffff << UInt64(32 * index))
      $0.driverFeatures |= UInt64(value) << UInt64(32 * index)
    }
  }

  /// Tells the back-end where the memory is.
  public func prepareQueues() {
    // What goes wrong is kept as the connection's failure, which the status shows.
    device.session.withLock { _ = try? $0.announceMemory() }
  }

  /// The caller's limit, for each queue that the back-end says it has and that messages can name: they have eight bits for
  /// its number.
  public func maximumSize(ofQueue index: UInt16) -> UInt32 {
    device.session.withLock { index < min($0.queueCount, 256) ? UInt32($0.options.queueSize) : 0 }
  }

  /// Three free addresses.
  public var ringRequirements: RingRequirements { .modern }

  /// Tells the back-end where a queue is. It works on it from DRIVER_OK on.
  public func configure(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    try device.session.withLock { session throws(TransportError) in
      for area in [areas.descriptors, areas.driver, areas.device] {
        guard session.memory.localAddress(of: area.rawValue, 2) != nil else {
          throw .queueAddressUnreachable(index: index, address: area.rawValue, highest: session.memory.highestAddress)
        }
      }
      if session.queues.contains(where: { $0.index == index && $0.areas != nil }) { throw .queueInUse(index: index) }
      do throws(VhostUserError) {
        try session.configure(index, size: size, areas: areas)
      } catch {
        throw .queueNotEnabled(index: index)
      }
    }
  }

  /// The queue's event descriptor.
  public func makeDoorbell(queue index: UInt16) throws(TransportError) -> VhostUserBell {
    let kick = device.session.withLock { session in
      (try? session.queue(index)).map { session.queues[$0].kick }
    }
    guard let kick else { throw .missing("event descriptor for a queue's bell") }
    return VhostUserBell(kick: kick, index: index, tracing: device.options.trace == nil ? nil : device)
  }

  /// As much as the back-end gives of the configuration.
  public var configurationByteCount: Int { device.session.withLock { $0.configuration.count } }
  /// Reads the whole configuration again, and counts its changes.
  public func readConfigurationGeneration() -> UInt32 { device.session.withLock { $0.refreshGeneration() } }
  /// A byte of the configuration as it was when the generation was read last.
  public func readConfiguration8(at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: number(at: offset, 1)) }
  /// Two bytes of the same.
  public func readConfiguration16(at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: number(at: offset, 2)) }
  /// Four bytes of the same.
  public func readConfiguration32(at offset: Int) -> UInt32 { number(at: offset, 4) }

  /// Writes a byte of the configuration.
  public func writeConfiguration8(_ value: UInt8, at offset: Int) { write(UInt32(value), at: offset, 1) }
  /// Writes two bytes of the configuration.
  public func writeConfiguration16(_ value: UInt16, at offset: Int) { write(UInt32(value), at: offset, 2) }
  /// Writes four bytes of the configuration.
  public func writeConfiguration32(_ value: UInt32, at offset: Int) { write(value, at: offset, 4) }

  private func number(at offset: Int, _ byteCount: Int) -> UInt32 {
    device.session.withLock { $0.configurationNumber(at: offset, byteCount: byteCount) }
  }

  private func write(_ value: UInt32, at offset: Int, _ byteCount: Int) {
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    device.session.withLock { $0.writeConfiguration(bytes, at: offset) }
  }
}

/// Rings a queue's bell: one system call.
public struct VhostUserBell: Doorbell {
  let kick: EventCounter
  let index: UInt16
  /// The device, if somebody wants to know.
  let tracing: VhostUserDevice?

  /// Signals the event descriptor. A system call orders memory by itself.
  public func ring() {
    if let tracing {
      tracing.observeRings(isLate: true)
      tracing.options.trace?("  queue \(index): kick")
    }
    kick.signal()
  }
}
