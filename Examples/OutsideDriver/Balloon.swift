import DeviceManager
import DevicePlatform
import VirtIO

/// A memory balloon: pages that the driver gives to the device, which asks for so many of them.
///
/// Only what an example needs: it grows and does not shrink. The pages come back with the reset.
///
/// SPEC: Device Types / Memory Balloon Device
struct Balloon<T: Transport & ~Copyable>: ~Copyable {
  static var pageByteCount: Int { 4096 }

  private var transport: T
  private var queue: Virtqueue<T>
  private var waiter: DeviceWaiter
  // The device's, until it is reset.
  private var pages = SegmentList(capacity: 16)
  private let features: FeatureSet

  init(_ transport: consuming T, waiter: DeviceWaiter) throws(BringupError) {
    var waiter = waiter
    var transport = transport
    let parts = try transport.bringUp(
      as: .balloon, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(2)
    ) { transport, features throws(BringupError) in
      // The queue for growing. That for shrinking stays off.
      Parts(queue: try transport.makeQueue(0, QueueOptions(maximumSize: 8), features: features), features: features)
    }
    self.transport = transport
    self.waiter = waiter
    features = parts.features
    queue = parts.queue
  }

  private struct Parts: ~Copyable {
    let queue: Virtqueue<T>
    let features: FeatureSet
  }

  deinit {
    // Only a device that let go of the pages gives them back.
    var queue = queue
    let pages = pages
    if let reset = transport.reset(attempts: 1_000_000) {
      queue.deviceWasReset(reset)
    } else {
      pages.lose()
    }
  }

  var location: String { transport.location }
  var pageCount: Int { pages.count }

  /// `num_pages` of the configuration; 0 when it cannot be read.
  var wantedPageCount: UInt32 {
    do throws(ConfigurationError) {
      return try transport.readConfiguration(byteCount: 4) { $0.readConfiguration32(at: 0) }
    } catch {
      return 0
    }
  }

  /// Gives pages until the device has what it asks for, at most as many as it asked for at the beginning.
  ///
  /// - Returns: why it stopped before; nil when it did not.
  mutating func inflate() -> String? {
    let wanted = Int(wantedPageCount)
    while pages.count < wanted {
      do throws(DMAError) {
        let page = try transport.memory.allocate(
          byteCount: Self.pageByteCount, alignment: Self.pageByteCount, direction: .bidirectional)
        var number = try transport.memory.allocate(byteCount: 4)
        let frame = page.deviceAddress.rawValue / UInt64(Self.pageByteCount)
        guard let frame = UInt32(exactly: frame) else { return "a page above what 32 bits can name" }
        for index in 0..<4 { number[index] = UInt8(truncatingIfNeeded: frame >> UInt32(8 * index)) }
        pages.append(page)
        if let problem = tell(number) { return problem }
      } catch {
        return error.words
      }
    }
    return nil
  }

  private mutating func tell(_ number: consuming DMABuffer) -> String? {
    switch queue.submit(number, deviceWrites: false) {
    case .refused(let refusal, _): return refusal.words
    case .accepted(let token):
      queue.publish()
      do throws(WaitFailure) {
        _ = try queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(5))
        return nil
      } catch {
        return "the device did not take a page"
      }
    }
  }

  func observe() -> DeviceObservation {
    DeviceObservation(transport, features: features, queues: [QueueObservation(queue)])
  }

  mutating func shutDown() -> String? {
    do throws(BringupError) {
      queue.deviceWasReset(try transport.reset(waiter: &waiter, timeout: .seconds(2)))
      return nil
    } catch {
      return error.words
    }
  }

  mutating func deviceWasRemoved(_ removal: DeviceRemoval) { queue.deviceWasRemoved(removal) }
}
