import DevicePlatform

/// Checks of a provider's ranges by their numbers: touches no memory.
struct RangeCheck<Provider: DMAProvider> {
  let provider: Provider
  let limits: PlatformCheckLimits

  private struct Range {
    var address: UInt
    var device: DeviceAddress?
    var byteCount: Int
  }

  private let sizes = [1, 64, 4_096, 10_000]

  func alignment() -> PlatformFinding.Outcome { aligned(forDevice: false) }

  func deviceAlignment() -> PlatformFinding.Outcome { aligned(forDevice: true) }

  /// The first address that is not what was asked for, each range held until all were seen.
  private func aligned(forDevice: Bool) -> PlatformFinding.Outcome {
    var held: [Range] = []
    defer { giveBack(held) }
    var alignment = 1
    while alignment <= limits.alignment {
      for size in sizes {
        guard let range = take(size, alignment: alignment, shared: forDevice) else {
          return .broken("no \(size) bytes aligned to \(alignment)")
        }
        held.append(range)
        let address: UInt64
        if forDevice {
          guard let device = range.device else { return .broken("\(size) bytes could not be shared") }
          address = device.rawValue
        } else {
          address = UInt64(range.address)
        }
        guard address & UInt64(alignment - 1) == 0 else {
          return .broken("\(size) bytes at \(hex(address)), expected a multiple of \(alignment)")
        }
      }
      alignment *= 4
    }
    return .holds
  }

  func distinctRanges() -> PlatformFinding.Outcome {
    let held = takeMany(shared: false)
    defer { giveBack(held) }
    for index in held.indices {
      for other in held[..<index] {
        let range = held[index]
        if overlaps(UInt64(range.address), range.byteCount, UInt64(other.address), other.byteCount) {
          return .broken(
            "\(range.byteCount) bytes at \(hex(UInt64(range.address))) and \(other.byteCount) bytes at "
              + "\(hex(UInt64(other.address))) are in use")
        }
      }
    }
    return held.count < 2 ? .broken("\(held.count) ranges to be had at a time, expected 2 at least") : .holds
  }

  func distinctDeviceRanges() -> PlatformFinding.Outcome {
    let held = takeMany(shared: true)
    defer { giveBack(held) }
    for index in held.indices {
      for other in held[..<index] {
        let range = held[index]
        // The same range for the processor too: that is the finding of another rule.
        if overlaps(UInt64(range.address), range.byteCount, UInt64(other.address), other.byteCount) { continue }
        guard let device = range.device, let otherDevice = other.device else {
          return .broken("one of \(held.count) ranges could not be shared")
        }
        if overlaps(device.rawValue, range.byteCount, otherDevice.rawValue, other.byteCount) {
          return .broken(
            "\(range.byteCount) bytes at \(hex(device.rawValue)) and \(other.byteCount) bytes at "
              + "\(hex(otherDevice.rawValue)) are in use")
        }
      }
    }
    return .holds
  }

  func sharingSymmetrical() -> PlatformFinding.Outcome {
    guard let address = provider.reserve(byteCount: 4_096, alignment: 64) else { return .broken("no 4096 bytes") }
    defer { unsafe provider.release(address: address, byteCount: 4_096) }
    for round in 0..<limits.rounds {
      guard let device = provider.share(address: address, byteCount: 4_096, direction: .bidirectional) else {
        return .broken("nil after \(round) times of sharing and ending it, expected an address")
      }
      unsafe provider.unshare(address: address, deviceAddress: device, byteCount: 4_096)
    }
    return .holds
  }

  /// More than any machine has, plainly and by the smallest size that overflows when it is rounded up.
  func outOfMemory() -> PlatformFinding.Outcome {
    for size in [Int.max / 2, Int.max - 4_095, Int.max] {
      if let address = provider.reserve(byteCount: size, alignment: 64) {
        unsafe provider.release(address: address, byteCount: size)
        return .broken("\(size) bytes at \(hex(UInt64(address))), expected nil")
      }
    }
    let held = takeAll()
    giveBack(held)
    return .holds
  }

  func releaseGivesBack() -> PlatformFinding.Outcome {
    let before = takeAll()
    giveBack(before)
    for round in 0..<limits.rounds {
      guard let address = provider.reserve(byteCount: chunk, alignment: 64) else {
        return .broken("nothing left after \(round) times of reserving and releasing \(chunk) bytes")
      }
      unsafe provider.release(address: address, byteCount: chunk)
    }
    let after = takeAll()
    giveBack(after)
    guard after.count == before.count else {
      return .broken(
        "\(before.count) ranges of \(chunk) bytes to be had before, \(after.count) after all were released")
    }
    return .holds
  }

  // MARK: Ranges

  private var chunk: Int { max(4_096, limits.byteCount / 256) }

  private func take(_ byteCount: Int, alignment: Int, shared: Bool) -> Range? {
    guard let address = provider.reserve(byteCount: byteCount, alignment: alignment) else { return nil }
    let device = shared ? provider.share(address: address, byteCount: byteCount, direction: .bidirectional) : nil
    return Range(address: address, device: device, byteCount: byteCount)
  }

  /// 16 ranges of different sizes, or as many as there are.
  private func takeMany(shared: Bool) -> [Range] {
    var held: [Range] = []
    for index in 0..<16 {
      guard let range = take(sizes[index % sizes.count] + index, alignment: 64, shared: shared) else { break }
      held.append(range)
    }
    return held
  }

  /// All that there is, up to the limit.
  private func takeAll() -> [Range] {
    var held: [Range] = []
    while held.count < limits.byteCount / chunk, let range = take(chunk, alignment: 64, shared: false) {
      held.append(range)
    }
    return held
  }

  private func giveBack(_ held: [Range]) {
    for range in held {
      if let device = range.device {
        unsafe provider.unshare(address: range.address, deviceAddress: device, byteCount: range.byteCount)
      }
      unsafe provider.release(address: range.address, byteCount: range.byteCount)
    }
  }

  /// By distance, so that a range at the end of the address space does not overflow.
  private func overlaps(_ a: UInt64, _ aCount: Int, _ b: UInt64, _ bCount: Int) -> Bool {
    a >= b ? a - b < UInt64(bCount) : b - a < UInt64(aCount)
  }
}

/// A number as `0x1f`, for messages.
func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
