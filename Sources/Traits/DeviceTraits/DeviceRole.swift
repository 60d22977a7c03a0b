/// What a device is to the rest of the machine: the trait that it implements.
///
/// Without downcasts: whoever has a role has the device behind it, and nothing else of it.
public enum DeviceRole {
  /// A disk.
  case storage(any StorageDevice)
  /// A network interface.
  case network(any NetworkDevice)
  /// Text in and out.
  case console(any ConsoleDevice)
  /// Screens to draw on.
  case display(any DisplayDevice)
  /// A keyboard, or something to point with.
  case input(any InputDevice)
  /// A source of random bytes.
  case entropy(any EntropySource)
  /// Something that no trait describes: what it is, in a word.
  case other(String)

  /// What it is, in a word.
  public var name: String {
    switch self {
    case .storage: "storage"
    case .network: "network"
    case .console: "console"
    case .display: "display"
    case .input: "input"
    case .entropy: "entropy"
    case .other(let name): name
    }
  }
}
