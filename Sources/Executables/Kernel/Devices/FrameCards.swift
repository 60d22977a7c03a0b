#if os(none)
  import CBareMetal
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import VirtIO
  import VirtIONetwork

  /// Network cards that are measured: by their type, as the trait knows no bursts.
  final class FrameCards {
    fileprivate(set) var all: [any FrameCard] = []

    /// Lets go of them.
    func removeAll() { all = [] }
  }

  /// A network card, whatever its transport is.
  protocol FrameCard: AnyObject {
    /// Does what the other end of the wire asks for, until it says that this was all.
    ///
    /// - Returns: what went wrong; nil if nothing did.
    func serveFrames(memory: KernelMemory) -> String?

    /// Makes buffers for frames to send, all of this size.
    func makeFrames(_ count: Int, byteCount: Int, memory: KernelMemory) throws(DMAError)
    /// Sends so many of them as one burst, asks for one interrupt when all have left, and sleeps until then.
    ///
    /// - Returns: instructions of the driver, without the wait; nil when they did not leave in time.
    func sendBurst(_ count: Int, until deadline: MonotonicTime) -> UInt?
    /// Asks for one interrupt when so many frames have come in.
    func expectBurst(_ count: Int)
    /// Sleeps until they are there, takes them, and gives their buffers back.
    ///
    /// - Returns: instructions of the driver, without the wait; nil when they did not come in time.
    func receiveBurst(_ count: Int, until deadline: MonotonicTime) -> UInt?
    /// Notifications of both queues, and interrupts, up to now.
    var frameCounts: FrameCounts { get }
  }

  /// What is counted of a card besides instructions.
  struct FrameCounts {
    var transmitDoorbells: UInt64
    var receiveDoorbells: UInt64
    var interrupts: UInt64
  }

  /// Drives network cards for that, and for nothing else.
  struct FrameCardDriver: DeviceDriver {
    let cards: FrameCards

    var name: String { "virtio-net" }
    var naming: DeviceNaming { .numbered("net") }
    func matches(_ device: DeviceIdentification) -> Bool { device.type == .network }

    func start<T: Transport & ~Copyable>(
      _ transport: consuming T, in slot: any DeviceSlot, named name: String
    ) throws(BringupError) -> any DrivenDevice {
      var options = NetworkOptions()
      // Each frame in one buffer.
      options.features.subtract(.Network.mergeableBuffers)
      var waiter = slot.polling
      let card = TransportFrameCard(try NetworkCard(transport, options: options, waiter: &waiter), slot, name)
      cards.all.append(card)
      return card
    }
  }

  /// A card behind one kind of transport.
  private final class TransportFrameCard<T: Transport & ~Copyable>: FrameCard, DrivenDevice {
    private var card: NetworkCard<T>
    private var waiter: DeviceWaiter
    private var stock = DMABufferStack(capacity: 64)
    private var frameByteCount = 0

    init(_ card: consuming NetworkCard<T>, _ slot: any DeviceSlot, _ name: String) {
      waiter = slot.connect(card.makeInterruptHandle().erased, name: name) ?? slot.polling
      self.card = card
    }

    var role: DeviceRole { .other("network card that is measured") }
    var location: String { card.location }
    func observe() -> DeviceObservation? { card.observe() }
    func deviceWasRemoved(_ removal: DeviceRemoval) { card.deviceWasRemoved(removal) }
    func shutDown() -> String? {
      do throws(BringupError) {
        try card.shutDown(waiter: &waiter)
        return nil
      } catch {
        return error.words
      }
    }

    func serveFrames(memory: KernelMemory) -> String? {
      let mailbox = card.mailbox
      do throws(DMAError) {
        var service = try FrameService(card.pair.transmitCapacity, memory, waiter)
        // Borrowed once for everything: an access to a class's property is checked at run time.
        return service.run(&card.pair, mailbox)
      } catch {
        return error.words
      }
    }

    func makeFrames(_ count: Int, byteCount: Int, memory: KernelMemory) throws(DMAError) {
      frameByteCount = byteCount
      while stock.count < count { stock.push(try memory.allocate(byteCount: byteCount)) }
    }

    func sendBurst(_ count: Int, until deadline: MonotonicTime) -> UInt? {
      send(count, of: frameByteCount, &card.pair, &stock, &waiter, deadline)
    }

    func expectBurst(_ count: Int) { _ = card.pair.armReceive(after: count) }

    func receiveBurst(_ count: Int, until deadline: MonotonicTime) -> UInt? {
      receive(count, &card.pair, &stock, &waiter, deadline)
    }

    var frameCounts: FrameCounts {
      FrameCounts(
        transmitDoorbells: card.pair.transmitState.counters.notifications,
        receiveDoorbells: card.pair.receiveState.counters.notifications, interrupts: UInt64(card.mailbox.interrupts))
    }
  }

  // Functions of the parts: an access to a class's property is checked at run time, which is not the driver's.
  private func send<T: Transport & ~Copyable>(
    _ count: Int, of byteCount: Int, _ pair: inout NetworkQueuePair<T>, _ stock: inout DMABufferStack,
    _ waiter: inout DeviceWaiter, _ deadline: MonotonicTime
  ) -> UInt? {
    // Before the device hears of them, so that it cannot be done before.
    _ = pair.armTransmit(after: count)
    // An interrupt between two looks at the counter would be counted, or not, as the device pleases.
    vireo_mask_interrupts()
    let begin = vireo_instructions()
    let sent = pair.sendBatch(
      upTo: count,
      source: {
        guard let buffer = stock.pop() else { return nil }
        return OutgoingFrame(buffer, byteCount: byteCount)
      }, refused: { _, frame in stock.push(frame.takeBuffer()) })
    var instructions = UInt(vireo_instructions() &- begin)
    vireo_unmask_interrupts()
    // All at once: how many looks it took would be the device's doing.
    while sent > 0, !pair.armTransmit(after: sent) {
      if waiter.now > deadline { return nil }
      waiter.wait(until: deadline)
    }
    vireo_mask_interrupts()
    let look = vireo_instructions()
    let back = pair.reclaimBatch(upTo: count) { stock.push($0.takeBuffer()) }
    instructions &+= UInt(vireo_instructions() &- look)
    vireo_unmask_interrupts()
    pair.disarmTransmit()
    waiter.noteProgress()
    return back == count ? instructions : nil
  }

  private func receive<T: Transport & ~Copyable>(
    _ count: Int, _ pair: inout NetworkQueuePair<T>, _ stock: inout DMABufferStack, _ waiter: inout DeviceWaiter,
    _ deadline: MonotonicTime
  ) -> UInt? {
    while !pair.armReceive(after: count) {
      if waiter.now > deadline { return nil }
      waiter.wait(until: deadline)
    }
    vireo_mask_interrupts()
    let begin = vireo_instructions()
    let taken = pair.receiveBatch(upTo: count) { stock.push($0.takeBuffer()) }
    let given = pair.giveBatch(
      upTo: taken, source: { stock.pop() }, refused: { _, buffer in stock.push(buffer) })
    let instructions = UInt(vireo_instructions() &- begin)
    vireo_unmask_interrupts()
    pair.disarmReceive()
    waiter.noteProgress()
    return given == count ? instructions : nil
  }
#endif
