public import DevicePlatform
public import VirtIO

extension BlockDevice where T: ~Copyable {
  /// Brings the device up anew and has it do again what it had not finished: after DEVICE_NEEDS_RESET, after it broke the
  /// rules, or when another device has taken its place behind the same transport, as after a reconnection.
  ///
  /// Every block request can be done twice, so this loses and changes nothing: each request that was in flight completes
  /// once, by its old token, and a write that the old device had done already is done again. A buffer that came back as
  /// `.aborted` before is not in flight any more.
  ///
  /// - Parameter waiter: waits for the reset.
  /// - Returns: how many requests are done again.
  /// - Throws: why the device did not come up, also when it lacks a feature that was negotiated, or takes fewer or smaller
  ///   segments than before. What was in flight then comes from `complete` as `.aborted`.
  ///
  /// SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Status Field
  @discardableResult
  public mutating func restart<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(2)
  ) throws(BringupError) -> Int {
    queue.deviceWasReset(try transport.reset(waiter: &waiter, timeout: timeout))
    let (size, areas) = queue.prepareRestart()
    let (features, before) = (features, geometry)
    var isTold = false
    do throws(BringupError) {
      geometry = try transport.bringUp(
        as: .block, features: DriverFeatures(wanted: features, required: features), waiter: &waiter, timeout: timeout
      ) { (transport, features) throws(BringupError) in
        let geometry = try Self.readGeometry(transport, features)
        try Self.compare(geometry, before)
        let offered = transport.maximumSize(ofQueue: 0)
        guard offered >= size, transport.ringRequirements.sizeRule != .fixed || offered == size else {
          throw .queueTooSmall(index: 0, size: offered, needed: Int(size))
        }
        isTold = true
        do throws(TransportError) {
          try transport.configure(queue: 0, size: size, areas: areas)
        } catch {
          throw .transport(error)
        }
        return geometry
      }
    } catch {
      if isTold { queue.restartFailed() }
      throw error
    }
    isFailed = false
    return queue.resume()
  }

  /// What is in flight was made for the old limits.
  private static func compare(_ geometry: BlockGeometry, _ before: BlockGeometry) throws(BringupError) {
    if let limit = geometry.segmentCountLimit, limit < before.segmentCountLimit ?? .max {
      throw .configuration(.invalid(field: ConfigurationField("seg_max"), value: UInt64(limit)))
    }
    if let limit = geometry.segmentSizeLimit, limit < before.segmentSizeLimit ?? .max {
      throw .configuration(.invalid(field: ConfigurationField("size_max"), value: UInt64(limit)))
    }
  }
}
