import DevicePlatform
import VirtIO

@testable import VirtIOTestSupport

/// The model's device: it works until there is nothing, asks for a notification, looks once more, and sleeps. What is
/// done it tells by an interrupt if the driver wants one. Its own stores are visible at once and in order.
final class ModelDevice {
  enum State { case working, telling, asking, asleep }
  let heap: DeviceHeap
  let areas: QueueAreas
  let size: Int
  let usesEventIndex: Bool
  private(set) var state = State.working
  private(set) var taken: UInt16 = 0
  /// Interrupts so far.
  private(set) var interrupts = 0
  private(set) var findings: [String] = []

  init(heap: DeviceHeap, areas: QueueAreas, size: Int, usesEventIndex: Bool) {
    (self.heap, self.areas, self.size, self.usesEventIndex) = (heap, areas, size, usesEventIndex)
    wish(false)
  }

  private func read(_ address: UInt64, _ count: Int) -> UInt64 {
    let bytes = (try? heap.read(address, byteCount: count)) ?? []
    return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func write(_ value: UInt64, _ address: UInt64, _ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    do { try heap.write(bytes[...], at: address) } catch { findings.append("\(error)") }
  }

  /// avail.idx as the device sees it.
  var available: UInt16 { UInt16(read(areas.driver.rawValue + 2, 2)) }
  /// There is nothing that the device could do by itself.
  var isAsleep: Bool { state == .asleep }

  private func wish(_ isAwaited: Bool) {
    if usesEventIndex {
      // An event behind the present one asks for nothing.
      write(UInt64(isAwaited ? taken : taken &- 1), areas.device.rawValue + 4 + 8 * UInt64(size), 2)
    } else {
      write(isAwaited ? 0 : 1, areas.device.rawValue, 2)
    }
  }

  /// The driver's bell.
  func ring() { if state == .asleep { state = .working } }

  /// The next of its moves.
  func step() {
    switch state {
    case .asleep: break
    case .telling:
      if isInterruptWanted { interrupts += 1 }
      state = .working
    case .working where available != taken:
      take()
      state = .telling
    case .working:
      wish(true)
      state = .asking
    case .asking:
      if available == taken {
        state = .asleep
      } else {
        wish(false)
        state = .working
      }
    }
  }

  /// What the driver wants, as the device sees it: by position, or by the flag.
  private var isInterruptWanted: Bool {
    if usesEventIndex {
      // Of one more used element, the one before the present index.
      return UInt16(read(areas.driver.rawValue + 4 + 2 * UInt64(size), 2)) == taken &- 1
    }
    return read(areas.driver.rawValue, 2) & 1 == 0
  }

  private func take() {
    let mask = UInt64(size - 1)
    let head = read(areas.driver.rawValue + 4 + 2 * (UInt64(taken) & mask), 2)
    // Each request is 64 bytes; a descriptor from before is not.
    if read(areas.descriptors.rawValue + 16 * head + 8, 4) != 64 { findings.append("half a request was visible") }
    let element = areas.device.rawValue + 4 + 8 * (UInt64(taken) & mask)
    write(head, element, 4)
    write(64, element + 4, 4)
    taken &+= 1
    write(UInt64(taken), areas.device.rawValue + 2, 2)
  }
}
