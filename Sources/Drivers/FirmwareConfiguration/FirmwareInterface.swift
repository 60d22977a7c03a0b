/// How fw_cfg's registers lie: the document of the device is QEMU's `docs/specs/fw_cfg.rst`.
public enum FirmwareInterface: Sendable, Equatable {
  /// Memory-mapped (aarch64 and riscv64 `virt`): data at 0, selector at 8 in big-endian order, DMA address at 16.
  case memory
  /// I/O ports (PC): selector at 0 in little-endian order, data at 1, DMA address at 4.
  case ports

  /// The `compatible` of the device tree node whose first register window is the `memory` one.
  public static var compatible: String { "qemu,fw-cfg-mmio" }
  /// The first port of a PC's `ports` window.
  public static var firstPort: UInt16 { 0x510 }

  /// The window's size in bytes, DMA address included.
  public var byteCount: Int { dmaOffset + 8 }
  /// The size of a window without DMA address, as machines before QEMU 2.4 have it.
  public var plainByteCount: Int {
    switch self {
    case .memory: 10
    case .ports: 2
    }
  }

  var selectorOffset: Int {
    switch self {
    case .memory: 8
    case .ports: 0
    }
  }

  var dataOffset: Int {
    switch self {
    case .memory: 0
    case .ports: 1
    }
  }

  var dmaOffset: Int {
    switch self {
    case .memory: 16
    case .ports: 4
    }
  }

  /// The selector as the register takes it.
  func selector(_ item: FirmwareItem) -> UInt16 {
    switch self {
    case .memory: item.rawValue.bigEndian
    case .ports: item.rawValue.littleEndian
    }
  }
}
