/// Why DMA memory could not be had.
public enum DMAError: Error, Equatable, Sendable {
  /// Nothing left that is large enough and suitably aligned.
  case outOfMemory(byteCount: Int, alignment: Int)
  /// The memory was there, but could not be shared with the device (an IOMMU or bounce buffer refused).
  case notShareable(byteCount: Int)
  /// Zero, negative or above 4 GiB - 1, or an alignment that is not a power of two.
  case invalidSize(byteCount: Int, alignment: Int)

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .outOfMemory(let byteCount, let alignment):
      "no DMA memory for \(byteCount) bytes aligned to \(alignment)"
    case .notShareable(let byteCount): "\(byteCount) bytes of DMA memory could not be shared with the device"
    case .invalidSize(let byteCount, let alignment):
      "cannot allocate \(byteCount) bytes aligned to \(alignment): expected 1 to 4294967295 and a power of two"
    }
  }
}
