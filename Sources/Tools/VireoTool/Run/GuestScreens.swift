// The screens of a guest that runs.

import Foundation
import VirtualMachine

/// Looks at a guest's screens from outside.
struct GuestScreens {
  private let machine: Emulator
  private let devices: GuestDevices
  private let folder: URL

  /// The screens of a machine with these devices.
  ///
  /// - Parameter folder: for pictures.
  init(_ machine: Emulator, _ devices: GuestDevices, folder: URL) {
    self.machine = machine
    self.devices = devices
    self.folder = folder
  }

  /// `screen.png`, `screen-1.png`, ...
  static func fileName(ofScreen screen: Int) -> String { screen == 0 ? "screen.png" : "screen-\(screen).png" }

  private var device: String? { devices.screens > 0 ? "gpu0" : nil }

  /// What is on a screen of the GPU, or on the only one that there is.
  func picture(_ screen: Int) throws -> Screenshot { try machine.screenshot(device: device, head: screen) }

  /// Leaves a picture of each screen in the run's folder.
  func keepPictures() throws {
    for screen in 0..<max(1, devices.screens) { try keepPicture(screen, as: Self.fileName(ofScreen: screen)) }
  }

  /// Leaves a picture of one screen in the run's folder.
  func keepPicture(_ screen: Int, as name: String) throws {
    let bytes = try machine.screenshotFile(.png, device: device, head: screen)
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  /// What differs from a picture; nil when nothing does. The guest has announced the picture on its serial line a moment
  /// before it draws the last of it, so that a screen has some time to become right.
  func difference(from expected: ExpectedPicture, screen: Int, patience: Duration = .seconds(10)) throws -> String? {
    let end = ContinuousClock.now + patience
    while true {
      let picture = try picture(screen)
      if expected.isShown(by: picture) { return nil }
      if ContinuousClock.now >= end { return expected.difference(from: picture) }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }
}
