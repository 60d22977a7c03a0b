/// What a run drives.
public enum HostileTarget: String, CaseIterable, Sendable {
  /// The block driver.
  case block
  /// The console driver: ports, control messages.
  case console
  /// The reader of device trees.
  case deviceTree = "device-tree"
  /// The reader of displays' descriptions of themselves.
  case edid
  /// The entropy driver.
  case entropy
  /// The driver of fw_cfg: directory, transfers.
  case firmware
  /// The GPU driver: surfaces, scanouts, cursors, displays.
  case gpu
  /// The input driver: description, events, lights.
  case input
  /// The network driver: frames both ways, control queue.
  case network
  /// The walk over PCI functions, BARs, capabilities, and what a transport makes of them.
  case pci

  /// Drives it with everything drawn from `bytes`.
  ///
  /// - Returns: what was done that must not be done; empty when all is well. A trap is for the caller to notice.
  public func run(_ bytes: [UInt8]) -> [String] {
    switch self {
    case .block: runHostile(BlockTarget.self, bytes)
    case .console: runHostile(ConsoleTarget.self, bytes)
    case .deviceTree: DeviceTreeTarget.run(bytes)
    case .edid: EDIDTarget.run(bytes)
    case .entropy: runHostile(EntropyTarget.self, bytes)
    case .firmware: FirmwareTarget.run(bytes)
    case .gpu: runHostile(GPUTarget.self, bytes)
    case .input: runHostile(InputTarget.self, bytes)
    case .network: runHostile(NetworkTarget.self, bytes)
    case .pci: PCITarget.run(bytes)
    }
  }
}
