import Synchronization

/// The file that QEMU writes screenshots to, one at a time.
final class Screen: Sendable {
  let file: MemoryFile
  private let turn = Mutex(())

  init() throws(VirtualMachineError) { file = try MemoryFile(byteCount: 0) }

  /// Calls `body`, which has the file written, and returns its contents.
  func contents(
    writtenBy body: () throws(VirtualMachineError) -> Void
  ) throws(VirtualMachineError) -> [UInt8] {
    try turn.withLock { (_) throws(VirtualMachineError) in
      try body()
      return try file.read(at: 0, byteCount: try file.currentByteCount())
    }
  }
}

extension Emulator {
  /// The format of a screenshot as a file.
  public enum ScreenshotFormat: String, Sendable {
    /// Compressed.
    case png
    /// Plain pixels.
    case ppm
  }

  /// What a screen shows, as the bytes of a file. A moment's picture: the guest may be drawing.
  ///
  /// - Parameters:
  ///   - device: the display device's `id`; nil for the first screen.
  ///   - head: which of the device's screens.
  public func screenshotFile(
    _ format: ScreenshotFormat, device: String? = nil, head: Int = 0
  ) throws(VirtualMachineError) -> [UInt8] {
    var arguments: [String: QMPValue] = [
      "filename": .string(ChildProcess.Command.path(ofFile: 1)), "format": .string(format.rawValue),
    ]
    if let device {
      arguments["device"] = .string(device)
      arguments["head"] = .integer(Int64(head))
    }
    return try screen.contents { () throws(VirtualMachineError) in try monitor.execute("screendump", arguments) }
  }

  /// What a screen shows, pixel by pixel. Parameters are as for `screenshotFile`.
  public func screenshot(device: String? = nil, head: Int = 0) throws(VirtualMachineError) -> Screenshot {
    try Screenshot(ppm: try screenshotFile(.ppm, device: device, head: head))
  }
}
