import Synchronization
public import DevicePlatform

/// The register window of a `ScriptedFirmware`.
public struct ScriptedFirmwareRegisters: RegisterAccess {
  let device: ScriptedFirmware
  let isPortMapped: Bool
  /// The window's size in bytes.
  public let byteCount: Int

  private var selector: Int { isPortMapped ? 0 : 8 }
  private var data: Int { isPortMapped ? 1 : 0 }
  private var dma: Int { isPortMapped ? 4 : 16 }

  /// Reads the data register.
  public func load8(at offset: Int) -> UInt8 {
    if offset == data { return device.readData() }
    device.complain("byte read at \(offset)")
    return 0xff
  }
  /// Nothing has this width.
  public func load16(at offset: Int) -> UInt16 {
    device.complain("two-byte read at \(offset)")
    return 0xffff
  }
  /// Reads a half of the DMA register.
  public func load32(at offset: Int) -> UInt32 {
    if offset == dma || offset == dma + 4, offset + 4 <= byteCount {
      return device.signatureHalf(offset == dma ? 0 : 4)
    }
    device.complain("four-byte read at \(offset)")
    return .max
  }
  /// Nothing that is written has this width.
  public func store8(_ value: UInt8, at offset: Int) { device.complain("byte write at \(offset)") }
  /// Writes the selector.
  public func store16(_ value: UInt16, at offset: Int) {
    guard offset == selector else { return device.complain("two-byte write at \(offset)") }
    device.select(isPortMapped ? value : value.byteSwapped)
  }
  /// Writes a half of the DMA register; the second half starts a transfer.
  public func store32(_ value: UInt32, at offset: Int) {
    guard offset == dma || offset == dma + 4, offset + 4 <= byteCount else {
      return device.complain("four-byte write at \(offset)")
    }
    device.writeDMA(value.byteSwapped, isHigh: offset == dma)
  }
  /// The first bytes of the window.
  public func window(at offset: Int, byteCount: Int) -> ScriptedFirmwareRegisters {
    precondition(offset == 0 && byteCount <= self.byteCount, "a window of the scripted firmware begins at 0")
    return ScriptedFirmwareRegisters(device: device, isPortMapped: isPortMapped, byteCount: byteCount)
  }
}

extension ScriptedFirmware {
  func complain(_ words: String) { state.withLock { $0.violations.append(words) } }

  func select(_ number: UInt16) {
    state.withLock {
      $0.selected = number
      $0.position = 0
    }
  }

  func readData() -> UInt8 {
    state.withLock { state in
      state.dataReads += 1
      return state.take()
    }
  }

  /// Four bytes of the DMA register as a little-endian processor loads them.
  func signatureHalf(_ start: Int) -> UInt32 {
    state.withLock { state in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(state.dmaSignature[start + $1]) << UInt32(8 * $1) }
    }
  }

  func writeDMA(_ value: UInt32, isHigh: Bool) {
    let address: UInt64? = state.withLock { state in
      if isHigh {
        state.dmaAddress = UInt64(value) << 32
        return nil
      }
      let address = state.dmaAddress | UInt64(value)
      state.dmaAddress = 0
      if case .later = state.transfers {
        state.pending = address
        return nil
      }
      return address
    }
    if let address { transfer(at: address) }
  }

  /// One operation: the control structure is read, obeyed, and its first word written.
  func transfer(at address: UInt64) {
    do throws(DeviceHeap.Fault) {
      let structure = try heap.read(address, byteCount: 16)
      let number = { (range: Range<Int>) in structure[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
      let control = UInt32(number(0..<4))
      let length = Int(number(4..<8))
      let place = number(8..<16)
      let refuses = state.withLock { state in
        state.operations.append(control)
        if control & 8 != 0 {
          state.selected = UInt16(control >> 16)
          state.position = 0
        }
        if case .refused = state.transfers { return true }
        return false
      }
      var isWrong = refuses
      // In this order, as the description has it: at most one of them happens.
      if isWrong {
      } else if control & 2 != 0 {
        // Before so many bytes are made.
        _ = try heap.locate(place, byteCount: length, writing: true)
        let bytes = state.withLock { state in (0..<length).map { _ in state.take() } }
        try heap.write(bytes[...], at: place)
      } else if control & 16 != 0 {
        isWrong = !write(try length == 0 ? [] : heap.read(place, byteCount: length))
      } else if control & 4 != 0 {
        state.withLock { $0.position += length }
      }
      try heap.write(big(isWrong ? 1 : 0, 4)[...], at: address)
    } catch {
      complain("transfer: \(error.words)")
    }
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    state.withLock {
      let number = $0.selected
      guard $0.writable.contains(number), let old = $0.items[number], $0.position + bytes.count <= old.count else {
        return false
      }
      $0.items[number]?.replaceSubrange($0.position..<$0.position + bytes.count, with: bytes)
      $0.position += bytes.count
      return true
    }
  }
}

extension ScriptedFirmware.State {
  /// The next byte of the selected item; zero behind its end.
  mutating func take() -> UInt8 {
    defer { position += 1 }
    guard let item = items[selected], position < item.count else { return 0 }
    return item[position]
  }
}
