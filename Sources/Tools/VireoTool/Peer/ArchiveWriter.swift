// An archive that Linux unpacks into its first file system.

/// Files in the format that `cpio` calls `newc`.
struct ArchiveWriter {
  private(set) var bytes: [UInt8] = []
  private var count = 0

  /// What an entry is: the upper bits of its mode.
  enum Kind: Int {
    case folder = 0o040000
    case file = 0o100000
    case characterDevice = 0o020000
  }

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - path: without a slash at its beginning; folders come before what is in them.
  ///   - device: major and minor number of a device.
  mutating func add(
    _ path: String, _ kind: Kind, permissions: Int, contents: [UInt8] = [], device: (major: Int, minor: Int) = (0, 0)
  ) {
    count += 1
    let name = Array(path.utf8) + [0]
    let fields = [
      count, kind.rawValue | permissions, 0, 0, 1, 0, contents.count, 0, 0, device.major, device.minor, name.count, 0,
    ]
    bytes += Array("070701".utf8)
    for field in fields {
      let digits = String(field, radix: 16)
      bytes += Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
    }
    bytes += name
    pad()
    bytes += contents
    pad()
  }

  /// Ends the archive.
  mutating func finish() { add("TRAILER!!!", .file, permissions: 0) }

  /// Every part begins at a multiple of four bytes.
  private mutating func pad() {
    while !bytes.count.isMultiple(of: 4) { bytes.append(0) }
  }
}
