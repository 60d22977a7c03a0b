extension EitherTransport where First: ~Copyable, Second: ~Copyable {
  // MARK: Queues

  /// Tells a legacy device the page size that queue addresses are counted in.
  @inline(never)
  public func prepareQueues() {
    switch kind {
    case .first(let transport): transport.prepareQueues()
    case .second(let transport): transport.prepareQueues()
    }
  }

  /// The largest size of a queue; 0 when there is no such queue.
  @inline(never)
  public func maximumSize(ofQueue index: UInt16) -> UInt32 {
    switch kind {
    case .first(let transport): transport.maximumSize(ofQueue: index)
    case .second(let transport): transport.maximumSize(ofQueue: index)
    }
  }

  /// What a queue's memory must look like.
  @inline(never)
  public var ringRequirements: RingRequirements {
    switch kind {
    case .first(let transport): transport.ringRequirements
    case .second(let transport): transport.ringRequirements
    }
  }

  /// Tells the device where a queue is, and enables it.
  @inline(never)
  public func configure(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    switch kind {
    case .first(let transport): try transport.configure(queue: index, size: size, areas: areas)
    case .second(let transport): try transport.configure(queue: index, size: size, areas: areas)
    }
  }

  /// Whether the device says that a queue is enabled; nil when it cannot tell.
  @inline(never)
  public func isEnabled(queue index: UInt16) -> Bool? {
    switch kind {
    case .first(let transport): transport.isEnabled(queue: index)
    case .second(let transport): transport.isEnabled(queue: index)
    }
  }

  /// What rings the bell of a queue that is configured.
  @inline(never)
  public func makeDoorbell(queue index: UInt16) throws(TransportError) -> First.Bell {
    switch kind {
    case .first(let transport): try transport.makeDoorbell(queue: index)
    case .second(let transport): try transport.makeDoorbell(queue: index)
    }
  }

  // MARK: Configuration

  /// The size of the device-specific configuration, as far as the transport knows.
  @inline(never)
  public var configurationByteCount: Int {
    switch kind {
    case .first(let transport): transport.configurationByteCount
    case .second(let transport): transport.configurationByteCount
    }
  }

  /// A number that changes whenever the configuration does.
  @inline(never)
  public func readConfigurationGeneration() -> UInt32 {
    switch kind {
    case .first(let transport): transport.readConfigurationGeneration()
    case .second(let transport): transport.readConfigurationGeneration()
    }
  }

  /// Reads one byte of the configuration.
  @inline(never)
  public func readConfiguration8(at offset: Int) -> UInt8 {
    switch kind {
    case .first(let transport): transport.readConfiguration8(at: offset)
    case .second(let transport): transport.readConfiguration8(at: offset)
    }
  }

  /// Reads two bytes of the configuration.
  @inline(never)
  public func readConfiguration16(at offset: Int) -> UInt16 {
    switch kind {
    case .first(let transport): transport.readConfiguration16(at: offset)
    case .second(let transport): transport.readConfiguration16(at: offset)
    }
  }

  /// Reads four bytes of the configuration.
  @inline(never)
  public func readConfiguration32(at offset: Int) -> UInt32 {
    switch kind {
    case .first(let transport): transport.readConfiguration32(at: offset)
    case .second(let transport): transport.readConfiguration32(at: offset)
    }
  }

  /// Writes one byte of the configuration.
  @inline(never)
  public func writeConfiguration8(_ value: UInt8, at offset: Int) {
    switch kind {
    case .first(let transport): transport.writeConfiguration8(value, at: offset)
    case .second(let transport): transport.writeConfiguration8(value, at: offset)
    }
  }

  /// Writes two bytes of the configuration.
  @inline(never)
  public func writeConfiguration16(_ value: UInt16, at offset: Int) {
    switch kind {
    case .first(let transport): transport.writeConfiguration16(value, at: offset)
    case .second(let transport): transport.writeConfiguration16(value, at: offset)
    }
  }

  /// Writes four bytes of the configuration.
  @inline(never)
  public func writeConfiguration32(_ value: UInt32, at offset: Int) {
    switch kind {
    case .first(let transport): transport.writeConfiguration32(value, at: offset)
    case .second(let transport): transport.writeConfiguration32(value, at: offset)
    }
  }
}
