import Drawing
import Foundation
import QTest
import Synchronization
import Testing
import VirtualMachine

/// A picture that is the same nowhere: no row, column, colour or byte of it can stand for another.
func patternColor(_ x: Int, _ y: Int, seed: Int = 0) -> Color {
  Color(
    red: UInt8(truncatingIfNeeded: 7 * x + 3 * y + seed), green: UInt8(truncatingIfNeeded: 5 * y + x >> 4 + 1),
    blue: UInt8(truncatingIfNeeded: 11 * x + 13 * y + 2 * seed))
}

extension Canvas {
  /// Draws the picture's part of an area.
  @_lifetime(self: copy self)
  mutating func pattern(_ area: Rectangle, seed: Int = 0) {
    for y in area.y..<area.bottom {
      for x in area.x..<area.right { set(x: x, y: y, to: patternColor(x, y, seed: seed)) }
    }
  }
}

/// What differs between a screen and what should be on it: how many pixels, and the first one in words.
struct PictureDifference: CustomStringConvertible, Equatable {
  var count = 0
  var first = ""

  var description: String { count == 0 ? "no difference" : "\(count) pixels differ; \(first)" }
  static let none = PictureDifference()

  /// - Parameter expected: the colour in column x and row y.
  init(_ screen: Screenshot, width: Int, height: Int, _ expected: (Int, Int) -> Color) {
    guard screen.width == width, screen.height == height else {
      (count, first) = (max(1, width * height), "a screen of \(screen.width)x\(screen.height), not \(width)x\(height)")
      return
    }
    for y in 0..<height {
      for x in 0..<width {
        let (found, color) = (screen[x, y], expected(x, y))
        if found == Screenshot.Pixel(red: color.red, green: color.green, blue: color.blue) { continue }
        if count == 0 { first = "\(x), \(y): \(found), expected \(color)" }
        count += 1
      }
    }
  }

  private init() {}
}

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
