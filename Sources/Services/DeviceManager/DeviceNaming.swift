/// How devices of one kind are called, in the order in which they are found: names never move up when one fails or goes.
public enum DeviceNaming: Equatable, Sendable {
  /// The stem and a number: `rng0`, `rng1`.
  case numbered(String)
  /// The stem and letters: `vda` ... `vdz`, `vdaa`.
  case lettered(String)

  /// What comes before number or letters.
  public var stem: String {
    switch self {
    case .numbered(let stem), .lettered(let stem): stem
    }
  }

  /// The name of the device number `index`, from 0.
  public func name(_ index: Int) -> String {
    switch self {
    case .numbered(let stem): return stem + String(index)
    case .lettered(let stem):
      var letters = ""
      var rest = index
      repeat {
        letters = String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(rest % 26))) + letters
        rest = rest / 26 - 1
      } while rest >= 0
      return stem + letters
    }
  }
}
