internal import DevicePlatform
public import Drawing

/// What a device says about one of its displays.
///
/// SPEC: Device Types / GPU Device / Device Operation / Device Operation: controlq
public struct GPUDisplay: Equatable, Sendable {
  /// The scanout's number.
  public let scanout: Int
  /// Somebody looks at it. QEMU shows what is drawn on others as well.
  public let isEnabled: Bool
  /// Where it is among the others, and the size it would like to have; without pixels for one that is not enabled.
  public let area: Rectangle

  /// Decodes display `index` of an answer that is long enough.
  init(_ answer: borrowing DMABuffer, index: Int) throws(GPUError) {
    let offset = GPUAnswer.byteCount + 24 * index
    let halves = { (word: UInt64) in (UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32)) }
    let (x, y) = halves(answer.load64(at: offset))
    let (width, height) = halves(answer.load64(at: offset + 8))
    let (enabled, _) = halves(answer.load64(at: offset + 16))
    scanout = index
    isEnabled = enabled != 0
    let sides = 1...UInt32(GPUSurface.maximumSide)
    guard isEnabled else {
      area = .empty
      return
    }
    guard sides.contains(width), sides.contains(height) else {
      throw .invalidDisplay(index: index, width: width, height: height)
    }
    area = Rectangle(x: Int(x), y: Int(y), width: Int(width), height: Int(height))
  }
}
