public import DevicePlatform
internal import VirtIO

/// Which frames a card receives besides those for its address. Filters are best effort: unwanted frames may still come.
///
/// SPEC: drivernormative:Device Types / Network Device / Device Operation / Control Virtqueue / Packet Receive Filtering
public enum ReceiveMode: Sendable {
  /// Everything.
  case promiscuous
  /// All multicast frames.
  case allMulticast
  /// All unicast frames.
  case allUnicast
  /// No multicast frames.
  case noMulticast
  /// No unicast frames.
  case noUnicast
  /// No broadcast frames.
  case noBroadcast

  var command: NetworkCommand {
    switch self {
    case .promiscuous: .promiscuous
    case .allMulticast: .allMulticast
    case .allUnicast: .allUnicast
    case .noMulticast: .noMulticast
    case .noUnicast: .noUnicast
    case .noBroadcast: .noBroadcast
    }
  }

  var feature: FeatureSet {
    switch self {
    case .promiscuous, .allMulticast: .Network.receiveModes
    case .allUnicast, .noMulticast, .noUnicast, .noBroadcast: .Network.extraReceiveModes
    }
  }
}

/// Commands. Each waits for its answer; the data path goes on as it was.
extension NetworkCard where T: ~Copyable {
  /// Switches a receive mode on or off.
  public mutating func setReceiveMode<W: Waiter & ~Copyable>(
    _ mode: ReceiveMode, _ isOn: Bool, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(NetworkControlError) {
    try command(mode.command, needs: mode.feature, waiter: &waiter, timeout: timeout) { data in
      data.append(UInt8(isOn ? 1 : 0))
    }
  }

  /// Names the addresses besides the card's own that frames are received for; those of earlier calls are forgotten.
  ///
  /// - Parameters:
  ///   - unicast: addresses of cards.
  ///   - multicast: addresses of groups.
  ///
  /// SPEC: drivernormative:Device Types / Network Device / Device Operation / Control Virtqueue / Setting MAC Address Filtering
  public mutating func setAddressTable<W: Waiter & ~Copyable>(
    unicast: [MACAddress], multicast: [MACAddress], waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(NetworkControlError) {
    let limit = 4096
    guard unicast.count + multicast.count <= limit else {
      throw .tooManyAddresses(count: unicast.count + multicast.count, limit: limit)
    }
    for address in unicast where !address.isUsable { throw .wrongAddress(address) }
    for address in multicast where !address.isMulticast { throw .wrongAddress(address) }
    var groups = CommandData()
    groups.append(UInt32(multicast.count))
    for address in multicast { groups.append(address) }
    try command(
      .addressTable, needs: .Network.receiveModes, second: groups, waiter: &waiter, timeout: timeout
    ) { data in
      data.append(UInt32(unicast.count))
      for address in unicast { data.append(address) }
    }
  }

  /// Changes the card's address. On a legacy device without the command it is written into the configuration.
  ///
  /// SPEC: Device Types / Network Device / Device configuration layout / Legacy Interface: Device configuration layout
  public mutating func setAddress<W: Waiter & ~Copyable>(
    _ new: MACAddress, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(NetworkControlError) {
    guard new.isUsable else { throw .wrongAddress(new) }
    if isLegacy, !features.contains(.Network.addressChange), features.contains(.Network.macAddress) {
      if state.isOver { throw .deviceReset }
      // From the first byte to the last, by which the device knows that it is whole.
      for index in 0..<6 { transport.writeConfiguration8(new[index], at: NetworkConfiguration.Offset.mac + index) }
    } else {
      // Of the class that needs the receive modes, too.
      // SPEC: drivernormative:Device Types / Network Device / Device Operation / Control Virtqueue / Setting MAC Address
      // Filtering
      try command(
        .address, needs: [.Network.addressChange, .Network.receiveModes], waiter: &waiter, timeout: timeout
      ) { $0.append(new) }
    }
    address = new
  }

  /// Lets frames of a VLAN pass, or not. Without the feature all pass; with it, none at first.
  public mutating func setVLAN<W: Waiter & ~Copyable>(
    _ number: UInt16, passes: Bool, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(NetworkControlError) {
    guard number < 4095 else { throw .invalidVLAN(number) }
    try command(
      passes ? .addVLAN : .removeVLAN, needs: .Network.vlanFilter, waiter: &waiter, timeout: timeout
    ) { $0.append(number) }
  }

  /// Tells the device that its wish for an announcement was heard. Send first what announces the card.
  ///
  /// SPEC: drivernormative:Device Types / Network Device / Device Operation / Control Virtqueue / Gratuitous Packet Sending
  public mutating func acknowledgeAnnouncement<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(NetworkControlError) {
    try command(.acknowledgeAnnouncement, needs: .Network.announcement, waiter: &waiter, timeout: timeout) { _ in }
  }

  var controlFault: QueueFault? {
    switch control {
    case .some(let control): control.queue.fault
    case .none: nil
    }
  }

  mutating func command<W: Waiter & ~Copyable>(
    _ command: NetworkCommand, needs feature: FeatureSet, second: CommandData? = nil, waiter: inout W,
    timeout: TimeSpan, _ fill: (inout CommandData) -> Void
  ) throws(NetworkControlError) {
    // There is a control queue whenever one of these features is in use.
    guard features.contains(feature) else { throw .notNegotiated(feature) }
    if state.isOver { throw .deviceReset }
    var data = CommandData()
    fill(&data)
    let (memory, isLegacy) = (transport.memory, transport.isLegacy)
    do throws(ControlFailure) {
      try control?.run(
        command, data, second, memory: memory, isLegacy: isLegacy, waiter: &waiter, timeout: timeout)
    } catch {
      switch error {
      case .control(let error): throw error
      case .waiting(.queueFailed(let fault)):
        _ = failDevice()
        throw .deviceFailed(fault)
      case .waiting:
        let status = transport.readStatus()
        throw status.isAbsent ? .deviceAbsent : .timedOut(status: status)
      }
    }
  }
}
