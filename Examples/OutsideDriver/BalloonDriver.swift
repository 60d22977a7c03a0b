public import DeviceManager
import DevicePlatform
import DeviceTraits
public import VirtIO

/// An example of a driver that is no part of the package: it has a kernel drive memory balloons.
///
///     mmioDrivers.register(BalloonDriver())
///     pciDrivers.register(BalloonDriver())
///
/// What the manager wants is here; what a balloon is, is in `Balloon`.
public struct BalloonDriver: DeviceDriver {
  /// The driver's name.
  public let name = "balloon"
  /// `balloon0`, `balloon1`, ...
  public let naming = DeviceNaming.numbered("balloon")
  /// Who gets to know of each balloon: a kernel that wants more of it than the manager shows.
  private let onStart: (any BalloonUser)?

  /// A driver.
  public init(user: (any BalloonUser)? = nil) { onStart = user }

  /// Memory balloons.
  public func matches(_ device: DeviceIdentification) -> Bool { device.type == .balloon }

  /// Brings a balloon up.
  public func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named name: String
  ) throws(BringupError) -> any DrivenDevice {
    let balloon = BalloonDevice(try Balloon(transport, waiter: slot.polling))
    onStart?.use(balloon)
    return balloon
  }
}

/// A balloon behind any transport, for whoever uses it.
public protocol BalloonOperations: AnyObject {
  /// How many pages of 4096 bytes the device asks for.
  var wantedPageCount: UInt32 { get }
  /// How many it has.
  var pageCount: Int { get }
  /// Gives the device as many pages as it asks for, one request for each; stops at the first that it does not take.
  func inflate() -> String?
}

/// Gets to know of each balloon.
public protocol BalloonUser: AnyObject {
  /// A balloon was brought up.
  func use(_ balloon: any BalloonOperations)
}

/// A balloon as the manager sees it.
final class BalloonDevice<T: Transport & ~Copyable>: DrivenDevice, BalloonOperations {
  private var balloon: Balloon<T>

  init(_ balloon: consuming Balloon<T>) { self.balloon = balloon }

  var role: DeviceRole { .other("balloon") }
  var location: String { balloon.location }
  var wantedPageCount: UInt32 { balloon.wantedPageCount }
  var pageCount: Int { balloon.pageCount }
  func inflate() -> String? { balloon.inflate() }
  func observe() -> DeviceObservation? { balloon.observe() }
  func shutDown() -> String? { balloon.shutDown() }
  func deviceWasRemoved(_ removal: DeviceRemoval) { balloon.deviceWasRemoved(removal) }
}
