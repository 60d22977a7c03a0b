import DevicePlatform
import VirtIOTestSupport

/// The driver's shared accesses with a store buffer between it and the device, and the device's moves in between: which
/// of them happen is a sequence of choices, tried one after the other.
///
/// Unchecked: used by the one thread that runs the model.
final class Model: @unchecked Sendable {
  /// What is left out of the driver's order, as a control.
  enum Flaw { case none, fences, releases }

  private struct Store {
    var address: UInt
    var bytes: [UInt8]
    var isReleasing: Bool
  }

  let flaw: Flaw
  /// Moves the device by so many steps.
  var onDeviceSteps: (Int) -> Void = { _ in }
  var isOn = false
  private var pending: [Store] = []
  /// The choices of this run, and how many there were to choose from.
  private(set) var trail: [(choice: Int, options: Int)] = []
  private var position = 0
  private var deviations = 0
  private let bound: Int

  init(flaw: Flaw, bound: Int) {
    self.flaw = flaw
    self.bound = bound
  }

  /// Prepares the next run; false when all have been made.
  func advance() -> Bool {
    (position, deviations, pending, isOn) = (0, 0, [], false)
    while let last = trail.popLast() {
      if last.choice + 1 < last.options {
        trail.append((last.choice + 1, last.options))
        return true
      }
    }
    return false
  }

  private func choose(_ options: Int) -> Int {
    if position == trail.count { trail.append((0, deviations < bound ? options : 1)) }
    let choice = trail[position].choice
    position += 1
    if choice != 0 { deviations += 1 }
    return choice
  }

  /// Between two accesses: nothing, stores become visible, or the device moves.
  func moment() {
    if !isOn { return flushAll() }
    switch choose(6) {
    case 1: flush(0)
    case 2: flushAll()
    case 3: onDeviceSteps(1)
    case 4: onDeviceSteps(4)
    // Weaker than x86: a later store overtakes earlier ones, but for one that releases.
    case 5:
      if let last = pending.last, !last.isReleasing { flush(pending.count - 1) }
      onDeviceSteps(1)
    default: break
    }
  }

  func flushAll() { while !pending.isEmpty { flush(0) } }

  private func flush(_ index: Int) {
    guard pending.indices.contains(index) else { return }
    let store = pending.remove(at: index)
    for (offset, byte) in store.bytes.enumerated() {
      unsafe UnsafeMutablePointer<UInt8>(bitPattern: store.address + UInt(offset))?.pointee = byte
    }
  }

  func store(_ value: UInt64, _ address: UInt, _ count: Int, isReleasing: Bool = false) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    pending.append(Store(address: address, bytes: bytes, isReleasing: isReleasing && flaw != .releases))
    moment()
  }

  /// A processor sees its own stores.
  func load(_ address: UInt, _ count: Int) -> UInt64 {
    moment()
    return (0..<count).reversed().reduce(0) { value, offset in
      let place = address + UInt(offset)
      let own = pending.last { place >= $0.address && place < $0.address + UInt($0.bytes.count) }
      let byte =
        own.map { $0.bytes[Int(place - $0.address)] } ?? (unsafe UnsafePointer<UInt8>(bitPattern: place)?.pointee) ?? 0
      return value << 8 | UInt64(byte)
    }
  }

  func fence() {
    if flaw != .fences { flushAll() }
    moment()
  }
}

/// The seam that the shipped ring goes through, with the model behind it.
@safe
struct ModelAccess: SharedAccess {
  let model: Model

  @unsafe func load8(_ address: UInt) -> UInt8 { UInt8(truncatingIfNeeded: model.load(address, 1)) }
  @unsafe func load16(_ address: UInt) -> UInt16 { UInt16(truncatingIfNeeded: model.load(address, 2)) }
  @unsafe func loadAcquiring16(_ address: UInt) -> UInt16 { UInt16(truncatingIfNeeded: model.load(address, 2)) }
  @unsafe func load32(_ address: UInt) -> UInt32 { UInt32(truncatingIfNeeded: model.load(address, 4)) }
  @unsafe func store8(_ value: UInt8, _ address: UInt) { model.store(UInt64(value), address, 1) }
  @unsafe func store16(_ value: UInt16, _ address: UInt) { model.store(UInt64(value), address, 2) }
  @unsafe func storeReleasing16(_ value: UInt16, _ address: UInt) {
    model.store(UInt64(value), address, 2, isReleasing: true)
  }
  @unsafe func store32(_ value: UInt32, _ address: UInt) { model.store(UInt64(value), address, 4) }
  @unsafe func store64(_ value: UInt64, _ address: UInt) { model.store(value, address, 8) }
  func fence() { model.fence() }
}

/// Heap memory behind the model.
struct ModelProvider: DMAProvider {
  let provider: HeapProvider
  let access: ModelAccess

  func reserve(byteCount: Int, alignment: Int) -> UInt? {
    provider.reserve(byteCount: byteCount, alignment: alignment)
  }
  @unsafe func release(address: UInt, byteCount: Int) {
    unsafe provider.release(address: address, byteCount: byteCount)
  }
  func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    provider.share(address: address, byteCount: byteCount, direction: direction)
  }
  @unsafe func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {
    unsafe provider.unshare(address: address, deviceAddress: deviceAddress, byteCount: byteCount)
  }
}
