import DevicePlatform
import VirtIO

/// An entropy source driven by hand, with a queue whose memory takes nothing from the heap. Vireo has a driver for it,
/// VirtIOEntropy; this is the way for devices for which it has none.
enum Entropy {
  /// Asks for random bytes: the device sends as many as it likes, up to 16.
  ///
  /// - Parameter tables: private memory for the queue.
  /// - Returns: the request, with its buffer; nil if the device did not finish it.
  static func read<T: Transport & ~Copyable, W: Waiter & ~Copyable>(
    _ transport: consuming T, tables: consuming TableMemory, waiter: inout W
  ) throws(BringupError) -> Completion? {
    var transport = transport
    var tables = Optional(tables)
    let options = QueueOptions(maximumSize: 8)
    var queue = try transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(2)
    ) { (transport, features) throws(BringupError) in
      let layout = try transport.layout(ofQueue: 0, options, features: features)
      let memory = try queueMemory(layout, tables.take(), transport.memory)
      return try transport.makeQueue(0, options, features: features, memory: memory)
    }

    let buffer = try allocate(16, alignment: 64, transport.memory)
    guard case .accepted(let token) = queue.submit(buffer, deviceWrites: true) else { return nil }
    queue.publish()
    var completion: Completion?
    do throws(WaitFailure) {
      completion = try queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(2))
    } catch {
      completion = nil
    }
    // The device lets go of all memory. If it does not, the queue gives up as lost what the device still has.
    queue.deviceWasReset(try transport.reset(waiter: &waiter, timeout: .seconds(2)))
    return completion
  }

  /// Puts a queue's memory together: the ring for the device, the tables for the driver alone. A request without header
  /// and status needs no block.
  private static func queueMemory<Memory: DMAMemory>(
    _ layout: QueueLayout, _ tables: consuming TableMemory?, _ memory: Memory
  ) throws(BringupError) -> QueueMemory {
    // The device had its say in the size.
    let needed = TableMemory.byteCount(ringSize: layout.ring.size)
    guard let tables, tables.byteCount >= needed else {
      throw .memory(.outOfMemory(byteCount: needed, alignment: 8))
    }
    let ring = try allocate(layout.ring.byteCount, alignment: layout.ringAlignment, memory)
    return QueueMemory(
      ringLayout: layout.ring, slotLayout: layout.slot, ring: ring, blocks: DMABuffer(), tables: tables)
  }

  private static func allocate<Memory: DMAMemory>(
    _ byteCount: Int, alignment: Int, _ memory: Memory
  ) throws(BringupError) -> DMABuffer {
    do throws(DMAError) {
      return try memory.allocate(byteCount: byteCount, alignment: alignment, direction: .bidirectional)
    } catch {
      throw .memory(error)
    }
  }
}
