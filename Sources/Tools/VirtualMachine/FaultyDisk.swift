import Foundation

/// A disk whose requests fail on demand: a raw image over a `blkdebug` node over a file.
///
///     let disk = FaultyDisk(node: "bad", path: Emulator.path(ofFile: 0), errors: [.init(.read, errno: EIO, sector: 8)])
///     let arguments = disk.arguments + ["-device", "virtio-blk-pci,drive=bad,rerror=report,werror=report"]
public struct FaultyDisk: Sendable {
  /// What a request does.
  public enum Operation: String, Sendable {
    /// Reads.
    case read
    /// Writes.
    case write
    /// Flushes.
    case flush
    /// Discards.
    case discard
    /// Writes zeroes.
    case writeZeroes = "write-zeroes"
  }

  /// An error that requests of one kind meet.
  public struct InjectedError: Equatable, Sendable {
    /// Which requests.
    public var operation: Operation
    /// The host's error number. `ENOSPC` stops the machine unless the device has `werror=report`.
    public var errno: Int32
    /// The sector that a request must touch; nil for all. QEMU itself may read sector 0 early.
    public var sector: Int?
    /// True for the first such request only.
    public var isOnce: Bool

    /// An error.
    public init(_ operation: Operation, errno: Int32, sector: Int? = nil, isOnce: Bool = false) {
      self.operation = operation
      self.errno = errno
      self.sector = sector
      self.isOnce = isOnce
    }

    var value: QMPValue {
      var members: [String: QMPValue] = [
        "event": .string("none"), "iotype": .string(operation.rawValue), "errno": .integer(Int64(errno)),
        "once": .boolean(isOnce), "immediately": .boolean(true),
      ]
      if let sector { members["sector"] = .integer(Int64(sector)) }
      return .object(members)
    }
  }

  /// The node's name, for `drive=`.
  public var node: String
  /// The file.
  public var path: String
  /// What fails.
  public var errors: [InjectedError]

  /// A disk; without errors, one whose requests can be held.
  public init(node: String, path: String, errors: [InjectedError] = []) {
    self.node = node
    self.path = path
    self.errors = errors
  }

  /// `-blockdev` and its value.
  public var arguments: [String] {
    var faults: [String: QMPValue] = [
      "driver": .string("blkdebug"),
      "image": .object(["driver": .string("file"), "filename": .string(path)]),
    ]
    // No list is fine, an empty one is not.
    if !errors.isEmpty { faults["inject-error"] = .array(errors.map(\.value)) }
    // The raw format tells the node below it what it is about to do: that is where requests are held.
    let value = QMPValue.object([
      "driver": .string("raw"), "node-name": .string(node), "file": .object(faults),
    ])
    // The value is made of text and numbers only.
    let encoded = (try? JSONEncoder().encode(value)) ?? Data()
    return ["-blockdev", String(decoding: encoded, as: UTF8.self)]
  }
}
