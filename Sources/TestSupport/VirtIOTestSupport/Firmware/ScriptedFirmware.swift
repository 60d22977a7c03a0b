import DevicePlatform
import Synchronization

/// An fw_cfg device in process, after QEMU's description of it, that can also lie.
///
/// Registers are those of `registers(isPortMapped:)`; what a driver does that the description does not allow is noted in
/// `violations` and has no effect.
public final class ScriptedFirmware: Sendable {
  /// What becomes of a transfer.
  public enum Transfers: Sendable {
    /// It is done at once.
    case atOnce
    /// It is done when `finishTransfer` is called.
    case later
    /// It is refused.
    case refused
  }

  struct State {
    var items: [UInt16: [UInt8]] = [0: Array("QEMU".utf8), 1: [3, 0, 0, 0], 0x19: [0, 0, 0, 0]]
    var writable: Set<UInt16> = []
    var selected: UInt16 = 0
    var position = 0
    var dmaAddress: UInt64 = 0
    var dmaSignature: [UInt8] = Array("QEMU CFG".utf8)
    var transfers = Transfers.atOnce
    var pending: UInt64?
    var operations: [UInt32] = []
    var dataReads = 0
    var violations: [String] = []
  }

  let state = Mutex(State())
  let heap: DeviceHeap

  /// A device without files that reaches the memory of `heap`.
  public init(heap: DeviceHeap) { self.heap = heap }

  /// Its register window: 12 ports, or 24 bytes of memory.
  public func registers(isPortMapped: Bool) -> ScriptedFirmwareRegisters {
    ScriptedFirmwareRegisters(device: self, isPortMapped: isPortMapped, byteCount: isPortMapped ? 12 : 24)
  }

  /// What the driver did that the description does not allow.
  public var violations: [String] { state.withLock { $0.violations } }
  /// The control words of all transfers so far.
  public var operations: [UInt32] { state.withLock { $0.operations } }
  /// Reads of the data register so far.
  public var dataReads: Int { state.withLock { $0.dataReads } }

  /// Sets an item, whatever it was.
  public func setItem(_ number: UInt16, _ bytes: [UInt8], isWritable: Bool = false) {
    state.withLock {
      $0.items[number] = bytes
      if isWritable { $0.writable.insert(number) } else { $0.writable.remove(number) }
    }
  }

  /// The contents of an item.
  public func item(_ number: UInt16) -> [UInt8]? { state.withLock { $0.items[number] } }

  /// Adds a file, with an entry in the directory.
  public func addFile(_ name: String, number: UInt16, _ bytes: [UInt8], isWritable: Bool = false) {
    setItem(number, bytes, isWritable: isWritable)
    addEntry(name: Array(name.utf8), number: number, byteCount: UInt32(bytes.count))
  }

  /// Adds an entry to the directory, true or not.
  public func addEntry(name: [UInt8], number: UInt16, byteCount: UInt32) {
    state.withLock {
      var directory = $0.items[0x19] ?? [0, 0, 0, 0]
      let count = UInt32(directory.count / 64) + 1
      directory.replaceSubrange(0..<4, with: big(count, 4))
      directory += big(byteCount, 4) + big(UInt32(number), 2) + [0, 0]
      directory += (name + [UInt8](repeating: 0, count: 56)).prefix(56)
      $0.items[0x19] = directory
    }
  }

  /// Changes the directory's count without changing its entries.
  public func setDirectoryCount(_ count: UInt32) {
    state.withLock { $0.items[0x19]?.replaceSubrange(0..<4, with: big(count, 4)) }
  }

  /// What the DMA register reads as.
  public func setDMASignature(_ bytes: [UInt8]) { state.withLock { $0.dmaSignature = bytes } }
  /// What becomes of the transfers from now on.
  public func setTransfers(_ transfers: Transfers) { state.withLock { $0.transfers = transfers } }

  /// Does what is left of a transfer that was to be done later.
  public func finishTransfer() {
    let address = state.withLock { state in
      defer { state.pending = nil }
      return state.pending
    }
    if let address { transfer(at: address) }
  }
}

/// The lowest `count` bytes of a number, the highest first.
func big(_ value: UInt32, _ count: Int) -> [UInt8] {
  (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
}
