#if os(none)
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import VirtIO
  import VirtIONetwork

  /// Network cards that serve frames for a measurement: by their type, as the trait knows no bursts.
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
  }
#endif
