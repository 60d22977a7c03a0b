public import DevicePlatform

/// Transfers between items and memory.
extension FirmwareDevice {
  /// True when the device can transfer.
  public var hasDMA: Bool { features.contains(.dma) }

  /// Reads a part of an item into a buffer.
  ///
  /// - Parameters:
  ///   - item: which one. What lies behind its end reads as zeros.
  ///   - offset: the first byte; those before it are skipped by the device.
  ///   - buffer: filled completely; from the memory that the device was made with. Empty after `.timedOut`.
  ///   - waiter: waits for the device.
  ///   - timeout: for each of the one or two transfers.
  public mutating func read<W: Waiter & ~Copyable>(
    _ item: FirmwareItem, from offset: UInt32 = 0, into buffer: inout DMABuffer, waiter: inout W,
    timeout: TimeSpan = .seconds(5)
  ) throws(FirmwareError) {
    try transfer(item, offset, .read, &buffer, &waiter, timeout)
  }

  /// Writes a buffer into an item. Most items cannot be written; the device says so.
  ///
  /// - Parameters:
  ///   - item: which one.
  ///   - offset: where in it the buffer's first byte goes.
  ///   - buffer: unchanged. Empty after `.timedOut`.
  ///   - waiter: waits for the device.
  ///   - timeout: for each of the one or two transfers.
  public mutating func write<W: Waiter & ~Copyable>(
    _ item: FirmwareItem, at offset: UInt32 = 0, from buffer: inout DMABuffer, waiter: inout W,
    timeout: TimeSpan = .seconds(5)
  ) throws(FirmwareError) {
    try transfer(item, offset, .write, &buffer, &waiter, timeout)
  }

  /// Reads a whole file: in one transfer where the device has DMA, else through the data register.
  ///
  /// - Parameters:
  ///   - file: from the directory.
  ///   - limit: the most bytes that it may have.
  ///   - waiter: waits for the device.
  ///   - timeout: for the transfer.
  public mutating func contents<W: Waiter & ~Copyable>(
    of file: FirmwareFile, limit: Int, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(FirmwareError) -> [UInt8] {
    if !hasDMA { return try contents(of: file, limit: limit) }
    let byteCount = try checkedByteCount(file, limit)
    if byteCount == 0 { return [] }
    var buffer = try allocate(byteCount, .deviceWritable)
    try read(file.item, into: &buffer, waiter: &waiter, timeout: timeout)
    return buffer.array(byteCount)
  }

  private mutating func transfer<W: Waiter & ~Copyable>(
    _ item: FirmwareItem, _ offset: UInt32, _ action: FirmwareControl, _ buffer: inout DMABuffer, _ waiter: inout W,
    _ timeout: TimeSpan
  ) throws(FirmwareError) {
    if !hasDMA { throw .noDMA }
    if isAbandoned { throw .abandoned }
    if control.isEmpty { control = try allocate(16, .bidirectional) }
    precondition(buffer.isEmpty || buffer.domain == control.domain, "a buffer from the device's own memory")
    if offset != 0 {
      try perform(.skip, item, isFirst: true, DeviceAddress(0), offset, &waiter, timeout)
    }
    let address = buffer.deviceAddress
    let byteCount = UInt32(truncatingIfNeeded: buffer.count)
    do throws(FirmwareError) {
      try perform(action, item, isFirst: offset == 0, address, byteCount, &waiter, timeout)
    } catch {
      if isAbandoned {
        // The device may still read or write it.
        var lost = DMABuffer()
        swap(&lost, &buffer)
        lost.lose()
      }
      throw error
    }
  }

  /// One operation of the device: fills the control structure in, tells its address, and waits for the control word to
  /// become zero or an error.
  private mutating func perform<W: Waiter & ~Copyable>(
    _ action: FirmwareControl, _ item: FirmwareItem, isFirst: Bool, _ address: DeviceAddress, _ byteCount: UInt32,
    _ waiter: inout W, _ timeout: TimeSpan
  ) throws(FirmwareError) {
    var word = action.rawValue
    if isFirst { word |= FirmwareControl.select.rawValue | UInt32(item.rawValue) << 16 }
    var structure = control.mutableBytes
    structure.storeBytes(of: word.bigEndian, toByteOffset: 0, as: UInt32.self)
    structure.storeBytes(of: byteCount.bigEndian, toByteOffset: 4, as: UInt32.self)
    structure.storeBytes(of: address.rawValue.bigEndian, toByteOffset: 8, as: UInt64.self)
    let place = control.deviceAddress.rawValue
    Barrier.doorbell()
    registers.store32(UInt32(truncatingIfNeeded: place >> 32).bigEndian, at: interface.dmaOffset)
    // The lower half starts the operation.
    registers.store32(UInt32(truncatingIfNeeded: place).bigEndian, at: interface.dmaOffset + 4)

    let access = memory.access
    let deadline = waiter.now + timeout
    while true {
      let state = UInt32(bigEndian: control.sharedLoad32(at: 0, through: access))
      if state == 0 {
        // What was transferred is read after the word that says so.
        access.fence()
        return
      }
      if state & FirmwareControl.error.rawValue != 0 {
        throw .transferRefused(item: item.rawValue, control: state)
      }
      guard waiter.now < deadline else {
        isAbandoned = true
        var lost = DMABuffer()
        swap(&lost, &control)
        lost.lose()
        throw .timedOut(item: item.rawValue)
      }
      waiter.wait(until: deadline)
    }
  }

  func allocate(_ byteCount: Int, _ direction: DMADirection) throws(FirmwareError) -> DMABuffer {
    do throws(DMAError) {
      return try memory.allocate(byteCount: byteCount, alignment: 64, direction: direction)
    } catch {
      throw .memory(error)
    }
  }
}

/// The control word of a transfer: bits in the lower half, the item in the upper one.
struct FirmwareControl: Sendable {
  let rawValue: UInt32

  /// Written by the device: refused. The QEMU constant is `FW_CFG_DMA_CTL_ERROR`.
  static let error = FirmwareControl(rawValue: 1)
  /// The QEMU constant is `FW_CFG_DMA_CTL_READ`.
  static let read = FirmwareControl(rawValue: 2)
  /// The QEMU constant is `FW_CFG_DMA_CTL_SKIP`.
  static let skip = FirmwareControl(rawValue: 4)
  /// The upper half is the item to begin. The QEMU constant is `FW_CFG_DMA_CTL_SELECT`.
  static let select = FirmwareControl(rawValue: 8)
  /// The QEMU constant is `FW_CFG_DMA_CTL_WRITE`.
  static let write = FirmwareControl(rawValue: 16)
}
