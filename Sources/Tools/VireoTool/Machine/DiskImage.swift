// Image files that a person attaches to the guest.

import Foundation

/// A raw image and the name under which the guest has it.
struct DiskImage: Equatable, Sendable {
  /// At most so many: with the guest's own three devices they fill the eight MMIO slots of the smallest machine.
  static let limit = 5

  let path: String
  let isWritable: Bool

  /// Splits a list such as `a.img,b.img` and looks at every file, so that a mistake is reported before QEMU starts.
  static func parse(_ list: String, writable: Bool) throws(UsageError) -> [DiskImage] {
    let paths = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard paths.count <= limit else {
      throw UsageError("DISK names \(paths.count) images; at most \(limit) can be attached")
    }
    if writable, let twice = paths.first(where: { path in paths.filter { $0 == path }.count > 1 }) {
      throw UsageError("disk image '\(twice)' is named twice; a writable image can be attached once")
    }
    var images: [DiskImage] = []
    for path in paths {
      try check(path, writable: writable)
      images.append(DiskImage(path: path, isWritable: writable))
    }
    return images
  }

  private static func check(_ path: String, writable: Bool) throws(UsageError) {
    guard !path.isEmpty else { throw UsageError("DISK has an empty name in its list; expected IMAGE[,IMAGE...]") }
    guard FileManager.default.fileExists(atPath: path) else {
      throw UsageError("disk image '\(path)' does not exist; expected a raw image file")
    }
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    guard attributes?[.type] as? FileAttributeType != .typeDirectory else {
      throw UsageError("disk image '\(path)' is a folder; expected a raw image file")
    }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw UsageError("disk image '\(path)' cannot be read; expected a readable raw image file")
    }
    guard !writable || FileManager.default.isWritableFile(atPath: path) else {
      throw UsageError("disk image '\(path)' cannot be written, and WRITABLE=1 was asked for")
    }
  }
}
