internal import DevicePlatform

/// The cards of machines on the link, as far as they were asked for. A few: what nobody asked for is never learnt, so
/// others cannot fill it.
struct Neighbours {
  /// How long an answer is good for.
  static let life = TimeSpan.seconds(60)

  private struct Entry {
    var address = IPv4Address.unspecified
    /// nil while the question is open.
    var card: EthernetAddress?
    var end = MonotonicTime(nanoseconds: 0)
  }

  private var entries = InlineArray<8, Entry>(repeating: Entry())

  /// The card of an address, if it is known.
  func card(of address: IPv4Address, now: MonotonicTime) -> EthernetAddress? {
    for index in entries.indices where entries[index].address == address && entries[index].end > now {
      return entries[index].card
    }
    return nil
  }

  /// Notes that an address is being asked for, in the place of the oldest.
  mutating func ask(for address: IPv4Address, now: MonotonicTime) {
    var place = 0
    for index in entries.indices {
      if entries[index].address == address {
        place = index
        break
      }
      if entries[index].end < entries[place].end { place = index }
    }
    entries[place] = Entry(address: address, card: nil, end: now + Self.life)
  }

  /// Notes a card, if somebody asked for its address.
  mutating func learn(_ card: EthernetAddress, of address: IPv4Address, now: MonotonicTime) {
    for index in entries.indices where entries[index].address == address && entries[index].end > now {
      entries[index].card = card
      entries[index].end = now + Self.life
    }
  }

  /// Forgets all: for another network.
  mutating func removeAll() { entries = InlineArray(repeating: Entry()) }
}
