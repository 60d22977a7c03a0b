import Foundation
import QTest
import Synchronization
import Testing
import VirtualMachine

/// Keeps pictures for people to look at, where `VIREO_PICTURES` names a folder.
private enum KeptPictures {
  static let folder = ProcessInfo.processInfo.environment["VIREO_PICTURES"]
  static let count = Atomic(0)

  static func keep(_ picture: () throws -> [UInt8]) throws {
    guard let folder else { return }
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    let name = (Test.current?.name ?? "").prefix { $0 != "(" }
    try Data(picture()).write(to: URL(filePath: "\(folder)/\(name)-\(number).png"))
  }
}

extension Emulator {
  /// What is on a screen.
  func picture(device: String? = nil, head: Int = 0) throws -> Screenshot {
    try KeptPictures.keep { try screenshotFile(.png, device: device, head: head) }
    return try screenshot(device: device, head: head)
  }
}

extension Bench {
  /// What is on one of the screens of a GPU, after all that its driver did.
  func screen(_ head: Int = 0) throws -> Screenshot {
    try machine.connection.synchronize()
    return try machine.emulator.picture(device: "gpu0", head: head)
  }
}
