public import DevicePlatform
public import VirtIO

/// Why a command to a network card was not carried out.
public enum NetworkControlError: Error, Equatable, Sendable {
  /// The command needs a feature that was not negotiated; the device was not asked.
  case notNegotiated(FeatureSet)
  /// An address in the list of cards' addresses that is none, or one in the list of groups' that is none.
  case wrongAddress(MACAddress)
  /// More addresses than fit into a command.
  case tooManyAddresses(count: Int, limit: Int)
  /// A VLAN number above 4094.
  case invalidVLAN(UInt16)
  /// No pairs of queues, or more than there are.
  case pairsUnavailable(count: Int, limit: Int)
  /// Fewer pairs than are given out.
  case pairsInUse(count: Int, active: Int)
  /// The control queue did not take the command.
  case refused(SubmissionRefusal)
  /// The device refused the command.
  case rejected(NetworkCommand)
  /// The device answered with something that is neither yes nor no; 0xff when it left the answer unwritten.
  case unknownAnswer(NetworkCommand, UInt8)
  /// The device says that its answer has another length than one byte.
  case answerLength(NetworkCommand, found: UInt32)
  /// No answer in time.
  case timedOut(status: DeviceStatus)
  /// No answer in time, and nothing there to answer: the device status reads as ones.
  case deviceAbsent
  /// The device broke the rules and was reset.
  case deviceFailed(QueueFault)
  /// The device was reset before.
  case deviceReset
  /// No memory for the command.
  case memory(DMAError)

  /// The error in one line.
  public var words: String {
    switch self {
    case .notNegotiated(let features): "this needs feature bits \(features.hexadecimal), which were not negotiated"
    case .wrongAddress(let address): "\(address.words) does not belong into this list of addresses"
    case .tooManyAddresses(let count, let limit): "\(count) addresses, the limit is \(limit)"
    case .invalidVLAN(let number): "VLAN \(number), expected 0 to 4094"
    case .pairsUnavailable(let count, let limit): "\(count) pairs of queues, expected 1 to \(limit)"
    case .pairsInUse(let count, let active):
      "\(count) pairs of queues instead of \(active), but one of the others is given out"
    case .refused(let refusal): refusal.words
    case .rejected(let command): "the device refused to \(command.words)"
    case .unknownAnswer(let command, let answer):
      "answer \(answer) when asked to \(command.words), expected 0 or 1"
    case .answerLength(let command, let found):
      "an answer of \(found) bytes when asked to \(command.words), expected 1"
    case .timedOut(let status): "no answer in time, device status \(status.rawValue)"
    case .deviceAbsent: BringupError.deviceAbsent.words
    case .deviceFailed(let fault): fault.words
    case .deviceReset: "the device was reset and does nothing more"
    case .memory(let error): error.words
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    switch self {
    case .unknownAnswer, .rejected: "Device Types / Network Device / Device Operation / Control Virtqueue"
    case .answerLength:
      "devicenormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Used Ring"
    case .wrongAddress:
      "drivernormative:Device Types / Network Device / Device Operation / Control Virtqueue"
        + " / Setting MAC Address Filtering"
    case .pairsUnavailable, .pairsInUse:
      "drivernormative:Device Types / Network Device / Device Operation / Control Virtqueue"
        + " / Automatic receive steering in multiqueue mode"
    case .deviceFailed(let fault): fault.clause
    case .notNegotiated: "drivernormative:Basic Facilities of a Virtio Device / Feature Bits"
    case .tooManyAddresses, .invalidVLAN, .refused, .timedOut, .deviceAbsent, .deviceReset, .memory: nil
    }
  }
}

/// A command to a network card: class in the high byte, command in the low one.
///
/// SPEC: Device Types / Network Device / Device Operation / Control Virtqueue
public enum NetworkCommand: UInt16, Equatable, Sendable {
  /// The VirtIO constant is `VIRTIO_NET_CTRL_RX_PROMISC`.
  case promiscuous = 0x0000
  /// The VirtIO constant is `VIRTIO_NET_CTRL_RX_ALLMULTI`.
  case allMulticast = 0x0001
  /// The VirtIO constant is `VIRTIO_NET_CTRL_RX_ALLUNI`.
  case allUnicast = 0x0002
  /// The VirtIO constant is `VIRTIO_NET_CTRL_RX_NOMULTI`.
  case noMulticast = 0x0003
  /// The VirtIO constant is `VIRTIO_NET_CTRL_RX_NOUNI`.
  case noUnicast = 0x0004
  /// The VirtIO constant is `VIRTIO_NET_CTRL_RX_NOBCAST`.
  case noBroadcast = 0x0005
  /// The VirtIO constant is `VIRTIO_NET_CTRL_MAC_TABLE_SET`.
  case addressTable = 0x0100
  /// The VirtIO constant is `VIRTIO_NET_CTRL_MAC_ADDR_SET`.
  case address = 0x0101
  /// The VirtIO constant is `VIRTIO_NET_CTRL_VLAN_ADD`.
  case addVLAN = 0x0200
  /// The VirtIO constant is `VIRTIO_NET_CTRL_VLAN_DEL`.
  case removeVLAN = 0x0201
  /// The VirtIO constant is `VIRTIO_NET_CTRL_ANNOUNCE_ACK`.
  case acknowledgeAnnouncement = 0x0300
  /// The VirtIO constant is `VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET`.
  case queuePairs = 0x0400

  /// What it asks for, behind "to".
  public var words: String {
    switch self {
    case .promiscuous: "receive everything"
    case .allMulticast: "receive all multicast frames"
    case .allUnicast: "receive all unicast frames"
    case .noMulticast: "receive no multicast frames"
    case .noUnicast: "receive no unicast frames"
    case .noBroadcast: "receive no broadcast frames"
    case .addressTable: "filter by a table of addresses"
    case .address: "change its address"
    case .addVLAN: "pass a VLAN"
    case .removeVLAN: "pass a VLAN no more"
    case .acknowledgeAnnouncement: "take note of an announcement"
    case .queuePairs: "use a number of pairs of queues"
    }
  }
}
