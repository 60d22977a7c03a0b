internal import DevicePlatform

/// What `-kernel`, `-initrd` and `-append` left for a firmware that loads the kernel itself.
public enum BootFile: CaseIterable, Sendable {
  /// The kernel; on x86 without its real-mode part.
  case kernel
  /// The initial RAM disk.
  case initialDisk
  /// The command line, with its final zero.
  case commandLine
  /// The real-mode part of an x86 kernel.
  case setup

  var description: (name: String, byteCount: FirmwareItem, data: FirmwareItem) {
    switch self {
    case .kernel: ("kernel", .kernelByteCount, .kernel)
    case .initialDisk: ("initrd", .initialDiskByteCount, .initialDisk)
    case .commandLine: ("command line", .commandLineByteCount, .commandLine)
    case .setup: ("setup", .setupByteCount, .setup)
    }
  }
}

extension FirmwareDevice {
  /// A part of the kernel that the machine was started with, to be read like a file; nil when there is none.
  public mutating func bootFile(_ part: BootFile) throws(FirmwareError) -> FirmwareFile? {
    if isAbandoned { throw .abandoned }
    let (name, size, data) = part.description
    let reader = reader
    reader.select(size)
    // Little-endian, unlike everything in the directory.
    let byteCount = reader.next32().byteSwapped
    return byteCount == 0 ? nil : FirmwareFile(name: name, item: data, byteCount: byteCount)
  }

  /// The command line up to its final zero; nil when there is none.
  ///
  /// - Parameter limit: the most bytes that it may have.
  public mutating func commandLine(limit: Int = 65_536) throws(FirmwareError) -> String? {
    guard let file = try bootFile(.commandLine) else { return nil }
    return String(decoding: try contents(of: file, limit: limit).prefix { $0 != 0 }, as: UTF8.self)
  }
}
