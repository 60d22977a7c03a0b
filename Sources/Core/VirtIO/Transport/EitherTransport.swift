/// One of two kinds of transport, for a machine that has both: its drivers are made once, and not for each kind.
///
///     typealias MachineTransport = EitherTransport<
///       MMIOTransport<MachineRegisters, Memory>, PCITransport<MachineRegisters, Memory>
///     >
///
/// That is less code, and less to compile. Registers are reached through one branch more, none of them on the data path:
/// queues have the memory and the doorbells of either kind, which are of the same types. More than two kinds nest.
public struct EitherTransport<First: Transport & ~Copyable, Second: Transport & ~Copyable>: Transport, ~Copyable
where First.Memory == Second.Memory, First.Bell == Second.Bell {
  enum Kind: ~Copyable {
    case first(First)
    case second(Second)
  }

  let kind: Kind
  // What never changes is kept here, so that the data path asks neither kind for it.
  /// Where this device's rings and buffers come from.
  public let memory: First.Memory
  /// Which device this is.
  public let identity: DeviceIdentity
  /// What the device is.
  public let deviceType: DeviceType
  /// True for a device that follows the drafts before version 1.
  public let isLegacy: Bool
  /// Where the device is, in the words of its bus.
  public let location: String

  /// A device behind the one kind.
  public init(first transport: consuming First) {
    memory = transport.memory
    identity = transport.identity
    deviceType = transport.deviceType
    isLegacy = transport.isLegacy
    location = transport.location
    kind = .first(transport)
  }

  /// A device behind the other.
  public init(second transport: consuming Second) {
    memory = transport.memory
    identity = transport.identity
    deviceType = transport.deviceType
    isLegacy = transport.isLegacy
    location = transport.location
    kind = .second(transport)
  }

  // Nothing below is inlined: one place tells the two kinds apart for each operation, not one for each use. The optimizer
  // of Swift 6.3 also crashes where several come together in one function ("Cannot initialize a nonCopyable type with a
  // guaranteed value").

  /// What reads and acknowledges the device's interrupt line.
  @inline(never)
  public func makeInterruptSource() -> EitherInterruptSource<First.Interrupts, Second.Interrupts> {
    switch kind {
    case .first(let transport): .first(transport.makeInterruptSource())
    case .second(let transport): .second(transport.makeInterruptSource())
    }
  }

  // MARK: Status

  /// Reads the device status.
  @inline(never)
  public func readStatus() -> DeviceStatus {
    switch kind {
    case .first(let transport): transport.readStatus()
    case .second(let transport): transport.readStatus()
    }
  }

  /// Writes the device status; zero resets the device.
  @inline(never)
  public func writeStatus(_ status: DeviceStatus) {
    switch kind {
    case .first(let transport): transport.writeStatus(status)
    case .second(let transport): transport.writeStatus(status)
    }
  }

  // MARK: Features

  /// How many 32-bit words of features the device can tell apart.
  @inline(never)
  public var featureWordCount: Int {
    switch kind {
    case .first(let transport): transport.featureWordCount
    case .second(let transport): transport.featureWordCount
    }
  }

  /// Reads word `index` of the features that the device offers.
  @inline(never)
  public func readDeviceFeatures(word index: Int) -> UInt32 {
    switch kind {
    case .first(let transport): transport.readDeviceFeatures(word: index)
    case .second(let transport): transport.readDeviceFeatures(word: index)
    }
  }

  /// Writes word `index` of the features that the driver accepts.
  @inline(never)
  public func writeDriverFeatures(_ value: UInt32, word index: Int) {
    switch kind {
    case .first(let transport): transport.writeDriverFeatures(value, word: index)
    case .second(let transport): transport.writeDriverFeatures(value, word: index)
    }
  }
}

/// The interrupt line of a device behind one of two kinds of transport.
public enum EitherInterruptSource<First: InterruptSource, Second: InterruptSource>: InterruptSource {
  /// The line of the one kind.
  case first(First)
  /// The line of the other.
  case second(Second)

  /// Reads and acknowledges the reasons.
  public func acknowledge() -> DeviceEvents {
    switch self {
    case .first(let source): source.acknowledge()
    case .second(let source): source.acknowledge()
    }
  }
}

extension EitherTransport: Sendable
where First: Sendable & ~Copyable, Second: Sendable & ~Copyable, First.Memory: Sendable {}

extension EitherTransport.Kind: Sendable where First: Sendable & ~Copyable, Second: Sendable & ~Copyable {}
