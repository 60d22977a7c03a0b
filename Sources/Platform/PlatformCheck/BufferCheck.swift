import DevicePlatform

/// Checks of buffers by their contents.
struct BufferCheck<Memory: DMAMemory> {
  let memory: Memory
  let limits: PlatformCheckLimits

  /// The same memory comes again, at least sometimes: it was filled before it was dropped.
  func zeroed() -> PlatformFinding.Outcome {
    do throws(DMAError) {
      for byteCount in [64, 4_096, 10_000] {
        for _ in 0..<8 {
          var buffer = try memory.allocate(byteCount: byteCount, alignment: 64, direction: .bidirectional)
          for offset in 0..<byteCount {
            let byte = buffer[offset]
            guard byte == 0 else { return .broken("byte \(offset) of \(byteCount) is \(byte), expected 0") }
            buffer[offset] = 0xa5
          }
        }
      }
      return .holds
    } catch {
      return .broken(error.words)
    }
  }

  func largeRange() -> PlatformFinding.Outcome {
    do throws(DMAError) {
      var buffer = try memory.allocate(byteCount: limits.largeByteCount, alignment: 4_096, direction: .bidirectional)
      var offset = 0
      while offset < buffer.count {
        buffer[offset] = pattern(offset)
        offset += 509
      }
      offset = 0
      while offset < buffer.count {
        guard buffer[offset] == pattern(offset) else {
          return .broken("byte \(offset) reads \(buffer[offset]), expected \(pattern(offset))")
        }
        offset += 509
      }
      return .holds
    } catch {
      return .broken(error.words)
    }
  }

  /// Differs between pages.
  private func pattern(_ offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: offset ^ offset >> 8 ^ offset >> 16) | 1 }
}
