internal import DevicePlatform
internal import VirtIO

/// A place for a pair of queues that its owner has not taken, and for the next one. On the heap, for their number is the
/// device's.
final class PairShelf<T: Transport & ~Copyable> {
  var pair: NetworkQueuePair<T>?
  var next: PairShelf<T>?

  init() {}

  /// The pair of this number; nil when it is not here.
  func take(_ index: Int) -> NetworkQueuePair<T>? {
    var place: PairShelf<T>? = self
    while let here = place {
      if let found = here.pair.take() {
        if found.index == index { return found }
        here.pair = consume found
      }
      place = here.next
    }
    return nil
  }

  /// Puts a pair into the first free place.
  func put(_ pair: consuming NetworkQueuePair<T>) {
    var place = self
    while place.isTaken {
      if let next = place.next {
        place = next
      } else {
        let next = PairShelf<T>()
        place.next = next
        place = next
      }
    }
    place.pair = consume pair
  }

  private var isTaken: Bool {
    switch pair {
    case .some: true
    case .none: false
    }
  }

  /// Tells all pairs that are here.
  func deviceWasRemoved(_ removal: DeviceRemoval) {
    var place: PairShelf<T>? = self
    while let here = place {
      here.pair?.deviceWasRemoved(removal)
      place = here.next
    }
  }

  /// How many pairs of numbers in this range are here.
  func count(in range: Range<Int>) -> Int {
    var count = 0
    var place: PairShelf<T>? = self
    while let here = place {
      switch here.pair {
      case .some(let pair): if range.contains(pair.index) { count += 1 }
      case .none: break
      }
      place = here.next
    }
    return count
  }
}

extension NetworkCard where T: ~Copyable {
  struct Parts: ~Copyable {
    let pair: NetworkQueuePair<T>
    let shelf: PairShelf<T>
    let control: ControlQueue<T>?
    let configuration: NetworkConfiguration
    let address: MACAddress
    let layout: FrameLayout
    let features: FeatureSet
  }

  /// Step 7: reads the configuration and sets the queues up.
  static func makeParts(
    _ transport: inout T, _ options: NetworkOptions, _ features: FeatureSet, _ state: CardState
  ) throws(BringupError) -> Parts {
    let configuration = try readConfiguration(transport, features)
    guard let address = configuration.address ?? options.fallbackAddress else {
      // The address was required; this is for a device that takes the feature back.
      throw .featuresMissing(.Network.macAddress)
    }
    let layout = FrameLayout(features, isLegacy: transport.isLegacy, mtu: configuration.mtu ?? 1500)
    let first = try makePair(&transport, 0, options, features, layout, state)
    let shelf = PairShelf<T>()
    for index in 1..<max(1, min(options.pairs, configuration.pairCount)) {
      shelf.put(try makePair(&transport, index, options, features, layout, state))
    }
    var control: ControlQueue<T>?
    if features.contains(.Network.controlQueue) {
      // Behind all queues that the device has, used or not.
      // SPEC: Device Types / Network Device / Virtqueues
      guard let number = UInt16(exactly: 2 * configuration.pairCount) else {
        throw .configuration(
          .invalid(field: ConfigurationField("max_virtqueue_pairs"), value: UInt64(configuration.pairCount)))
      }
      control = ControlQueue(try transport.makeQueue(number, ControlQueue<T>.options, features: features))
    }
    return Parts(
      pair: first, shelf: shelf, control: control, configuration: configuration, address: address, layout: layout,
      features: features)
  }

  static func readConfiguration(
    _ transport: borrowing T, _ features: FeatureSet
  ) throws(BringupError) -> NetworkConfiguration {
    do throws(ConfigurationError) {
      return try NetworkConfiguration(transport, features: features)
    } catch {
      throw .configuration(error)
    }
  }

  private static func makePair(
    _ transport: inout T, _ index: Int, _ options: NetworkOptions, _ features: FeatureSet, _ layout: FrameLayout,
    _ state: CardState
  ) throws(BringupError) -> NetworkQueuePair<T> {
    let number = UInt16(truncatingIfNeeded: 2 * index)
    // Before the device knows of the queue, so that nothing is lost if there is no memory.
    let receiving = QueueOptions(maximumSize: options.queueSize, maximumSegmentByteCount: longestReceiveBuffer)
    let receiveLayout = try transport.layout(ofQueue: number, receiving, features: features)
    let capacity = receiveLayout.slot.slotCount(ringSize: receiveLayout.ring.size)
    let byteCount = receiveBufferByteCount(options, layout)
    var buffers = try makeBuffers(transport, options, byteCount, capacity: capacity)
    let receive = try transport.makeQueue(number, receiving, features: features)
    let wish = options.maximumSegments ?? (features.contains(.indirectDescriptors) ? 16 : 1)
    let transmit = try transport.makeQueue(
      number + 1,
      QueueOptions(
        maximumSize: options.queueSize, headerByteCount: layout.headerByteCount, maximumSegments: max(1, wish)),
      features: features)
    // One more than a frame fills that begins with a header and has a tag.
    let perFrame = layout.fullBufferByteCount / byteCount + 2
    var pair = NetworkQueuePair(
      index: index, receive: receive, transmit: transmit, layout: layout, buffersPerFrame: min(capacity, perFrame),
      state: state)
    while let buffer = buffers.pop() { _ = pair.give(buffer) }
    return pair
  }

  /// Above any frame with its header; below what the sum of all of them could overflow.
  private static var longestReceiveBuffer: UInt32 { 68 << 10 }

  private static func receiveBufferByteCount(_ options: NetworkOptions, _ layout: FrameLayout) -> Int {
    let full = (layout.fullBufferByteCount + 63) & ~63
    let wish = options.receiveBufferByteCount ?? (layout.mergesBuffers ? min(full, 2048) : full)
    return min(max(wish, layout.smallestBufferByteCount), Int(longestReceiveBuffer))
  }

  private static func makeBuffers(
    _ transport: borrowing T, _ options: NetworkOptions, _ byteCount: Int, capacity: Int
  ) throws(BringupError) -> DMABufferStack {
    let count = min(capacity, max(0, options.receiveBufferCount ?? max(1, (2 << 20) / byteCount)))
    var buffers = DMABufferStack(capacity: count)
    for _ in 0..<count {
      do throws(DMAError) {
        buffers.push(
          try transport.memory.allocate(
            byteCount: byteCount, alignment: 64, direction: options.receiveBufferDirection))
      } catch {
        throw .memory(error)
      }
    }
    return buffers
  }
}
