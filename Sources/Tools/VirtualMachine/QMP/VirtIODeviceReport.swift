/// A VirtIO device of the emulator, as its monitor names it.
public struct VirtIODeviceName: Equatable, Sendable {
  /// The device model, such as `virtio-blk`.
  public var name: String
  /// The object's path: what the other questions take.
  public var path: String
}

/// What the emulator knows about a VirtIO device: the other side's view of what a driver did.
public struct VirtIODeviceReport: Equatable, Sendable {
  /// The device model, such as `virtio-blk`.
  public var name: String
  /// The spec's device ID.
  public var deviceID: UInt64
  /// The device status field, all its bits.
  public var status: UInt64
  /// The features that the device offers: all 64 bits.
  public var deviceFeatures: UInt64
  /// The features that the driver accepted: all 64 bits.
  public var driverFeatures: UInt64
  /// True when the device model gave up because of what the driver did.
  public var isBroken: Bool
  /// The interrupt status field.
  public var interruptStatus: UInt64
  /// How many queues there are.
  public var queueCount: UInt64
}

/// What the emulator knows about a split virtqueue.
public struct VirtIOQueueReport: Equatable, Sendable {
  /// The size in entries.
  public var size: UInt64
  /// Where the descriptor table is, as the device sees it.
  public var descriptors: UInt64
  /// Where the available ring is.
  public var driver: UInt64
  /// Where the used ring is.
  public var device: UInt64
  /// The available index up to which the device has taken buffers.
  public var lastAvailableIndex: UInt64
  /// The available index as the device last read it.
  public var shadowAvailableIndex: UInt64
  /// The used index that the device has written last.
  public var usedIndex: UInt64
  /// The used index at the last interrupt; nil while there is none to compare with.
  public var signalledUsedIndex: UInt64?
  /// How many buffers the device has taken and not returned.
  public var inUseCount: UInt64
}

extension QMPConnection {
  /// All VirtIO devices. The emulator's order: the last that was made comes first.
  public func virtioDevices() throws(VirtualMachineError) -> [VirtIODeviceName] {
    let answer = try execute("x-query-virtio")
    let names = (answer.elements ?? []).map { entry -> VirtIODeviceName? in
      guard let name = entry["name"]?.text, let path = entry["path"]?.text else { return nil }
      return VirtIODeviceName(name: name, path: path)
    }
    guard answer.elements != nil, !names.contains(nil) else {
      throw .malformed(what: "x-query-virtio", found: "\(answer)")
    }
    return names.compactMap(\.self)
  }

  /// What the emulator knows about one device.
  public func virtioStatus(_ path: String) throws(VirtualMachineError) -> VirtIODeviceReport {
    let answer = try execute("x-query-virtio-status", ["path": .string(path)])
    guard
      let name = answer["name"]?.text, let device = answer["device-id"]?.unsigned,
      let isBroken = answer["broken"]?.isTrue, let interrupts = answer["isr"]?.unsigned,
      let queues = answer["num-vqs"]?.unsigned
    else { throw .malformed(what: "x-query-virtio-status", found: "\(answer)") }
    let status = try FeatureNames.bits(answer["status"]?["statuses"], "device status", in: [FeatureNames.status])
    return VirtIODeviceReport(
      name: name, deviceID: device, status: status | (answer["status"]?["unknown-statuses"]?.unsigned ?? 0),
      deviceFeatures: try features(answer["host-features"], "host-features"),
      driverFeatures: try features(answer["guest-features"], "guest-features"),
      isBroken: isBroken, interruptStatus: interrupts, queueCount: queues)
  }

  private func features(_ value: QMPValue?, _ what: String) throws(VirtualMachineError) -> UInt64 {
    let transport = try FeatureNames.bits(value?["transports"], what, in: [FeatureNames.common])
    // Absent for a device type without names of its own.
    let device = try value?["dev-features"].map { (list) throws(VirtualMachineError) in
      try FeatureNames.bits(
        list, what,
        in: [
          FeatureNames.common, FeatureNames.block, FeatureNames.console, FeatureNames.network, FeatureNames.gpu,
        ])
    }
    return transport | (device ?? 0) | (value?["unknown-dev-features"]?.unsigned ?? 0)
  }

  /// What the emulator knows about one queue of a device.
  public func queueStatus(_ path: String, queue: Int) throws(VirtualMachineError) -> VirtIOQueueReport {
    let answer = try execute(
      "x-query-virtio-queue-status", ["path": .string(path), "queue": .integer(Int64(queue))])
    func number(_ name: String) throws(VirtualMachineError) -> UInt64 {
      guard let value = answer[name]?.unsigned else {
        throw .malformed(what: "x-query-virtio-queue-status: \(name)", found: "\(answer)")
      }
      return value
    }
    return VirtIOQueueReport(
      size: try number("vring-num"), descriptors: try number("vring-desc"), driver: try number("vring-avail"),
      device: try number("vring-used"), lastAvailableIndex: try number("last-avail-idx"),
      shadowAvailableIndex: try number("shadow-avail-idx"), usedIndex: try number("used-idx"),
      signalledUsedIndex: answer["signalled-used-valid"]?.isTrue == true ? try number("signalled-used") : nil,
      inUseCount: try number("inuse"))
  }
}
