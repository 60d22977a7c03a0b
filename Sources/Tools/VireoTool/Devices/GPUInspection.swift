// What `vireo inspect` says of a GPU.

import DevicePlatform
import Drawing
import VhostUser
import VirtIO
import VirtIOGPU

/// A GPU in the hands of its driver: what it says of its displays, and which formats arrive there.
struct GPUInspection {
  private let device: VhostUserDevice
  private let display: VhostUserDisplay
  private let timeout: TimeSpan
  private typealias GPU = GPUDevice<VhostUserTransport>

  init(_ device: VhostUserDevice, _ display: VhostUserDisplay, timeoutSeconds: UInt32) {
    self.device = device
    self.display = display
    timeout = .seconds(timeoutSeconds)
  }

  /// Two displays, so that more than one scanout can be seen.
  static func makeDisplay() -> VhostUserDisplay {
    VhostUserDisplay([DisplayMode(width: 1280, height: 800), DisplayMode(width: 640, height: 480)])
  }

  /// Prints, and returns what is wrong with the device.
  func perform() throws -> [DeviceProblem] {
    try printConfiguration(device.offer)
    var problems = Self.problems(device.offer)
    var waiter = device.makeWaiter()
    var gpu: GPU
    do throws(BringupError) {
      gpu = try GPU(device.makeTransport(), waiter: &waiter)
    } catch { throw DeviceProblem(error, of: device) }
    do throws(GPUError) {
      try printDisplays(&gpu, &waiter)
      problems += try tryFormats(&gpu, &waiter)
    } catch { throw DeviceProblem(error, of: device) }
    print("diagnosis", Diagnosis(gpu.observe()).words)
    do throws(BringupError) {
      try gpu.shutDown(waiter: &waiter, timeout: timeout)
    } catch { throw DeviceProblem(error, of: device) }
    if let failure = device.failure { throw DeviceProblem(failure) }
    return problems
  }

  /// SPEC: Device Types / GPU Device / Device configuration layout
  private func printConfiguration(_ offer: VhostUserOffer) throws {
    try Terminal.print("configuration  \(offer.configuration.count) bytes")
    let fields = [
      ("events_read", "the displays' word: "), ("events_clear", ""),
      ("num_scanouts", "as many displays as there are here: "),
      ("num_capsets", "sets of capabilities for three dimensions: "), ("blob_alignment", "bytes: "),
    ]
    for (index, field) in fields.enumerated() where offer.configuration.count >= 4 * index + 4 {
      let number = (0..<4).reduce(0) { $0 | UInt32(offer.configuration[4 * index + $1]) << UInt32(8 * $1) }
      print("  \(field.0)", "\(field.1)\(number)", width: 33)
    }
  }

  private static func problems(_ offer: VhostUserOffer) -> [DeviceProblem] {
    let clause = "Device Types / GPU Device / Feature bits"
    var result: [DeviceProblem] = []
    if !offer.features.contains(.version1) {
      result.append(
        DeviceProblem("VIRTIO_F_VERSION_1 is not offered", clause: "devicenormative:Reserved Feature Bits"))
    }
    for (bit, needed) in [(4, 0), (5, 3)]
    where offer.features.contains(FeatureSet(bit: bit)) && !offer.features.contains(FeatureSet(bit: needed)) {
      let (name, other) = (FeatureTable.gpu[bit].name, FeatureTable.gpu[needed].name)
      result.append(DeviceProblem("\(name) is offered without \(other)", clause: clause))
    }
    return result
  }

  private func printDisplays(_ gpu: inout GPU, _ waiter: inout VhostUserWaiter) throws(GPUError) {
    print("driver", "in use with features \(gpu.features.hexadecimal)")
    for one in try gpu.displays(waiter: &waiter, timeout: timeout) {
      let words =
        one.isEnabled ? "\(one.area.width)x\(one.area.height) at \(one.area.x), \(one.area.y)" : "not in use"
      print("  display \(one.scanout)", words)
      guard gpu.features.contains(.GPU.edid) else { continue }
      let edid = try gpu.edid(ofScanout: one.scanout, waiter: &waiter, timeout: timeout)
      let mode = edid.preferredTiming.map { "\($0.width)x\($0.height)" } ?? "no size"
      print("  EDID \(one.scanout)", "\(edid.manufacturer) \"\(edid.name ?? "")\", prefers \(mode)")
    }
    if !gpu.features.contains(.GPU.edid) { print("  EDID", "not offered") }
  }

  /// Draws in each format, on each scanout, and looks what comes.
  private func tryFormats(_ gpu: inout GPU, _ waiter: inout VhostUserWaiter) throws(GPUError) -> [DeviceProblem] {
    var problems: [DeviceProblem] = []
    for (number, format) in PixelFormat.allCases.enumerated() {
      do throws(GPUError) {
        switch try arrival(of: format, width: 61 + number, scanout: number % gpu.scanoutCount, &gpu, &waiter) {
        case .right: print("  format \(format.name)", "arrives pixel by pixel")
        case .asInMemory:
          print("  format \(format.name)", "arrives byte by byte as it lies in memory")
          problems.append(
            DeviceProblem(
              "pixels in format \(format.name) arrive as they lie in memory, expected x8r8g8b8",
              clause: "vhost-user-gpu protocol: Payload types / VhostUserGpuUpdate"))
        case .wrong:
          print("  format \(format.name)", "does not arrive")
          problems.append(
            DeviceProblem(
              "a picture in format \(format.name) did not arrive as it was drawn",
              clause: "Device Types / GPU Device / Device Operation / Device Operation: controlq"))
        }
      } catch {
        guard case .rejected(.createResource, _) = error else { throw error }
        print("  format \(format.name)", error.words)
      }
    }
    return problems
  }

  private enum Arrival { case right, asInMemory, wrong }

  private func arrival(
    of format: PixelFormat, width: Int, scanout: Int, _ gpu: inout GPU, _ waiter: inout VhostUserWaiter
  ) throws(GPUError) -> Arrival {
    let height = 37
    let surface = try gpu.makeSurface(width: width, height: height, format: format, waiter: &waiter, timeout: timeout)
    try gpu.draw(on: surface) { canvas in
      for y in 0..<height { for x in 0..<width { canvas.set(x: x, y: y, to: Self.color(x, y)) } }
    }
    try gpu.show(surface, onScanout: scanout, waiter: &waiter, timeout: timeout)
    try gpu.present(surface, waiter: &waiter, timeout: timeout)
    let picture = display.picture(ofScanout: scanout)
    try gpu.hide(scanout: scanout, waiter: &waiter, timeout: timeout)
    try gpu.destroy(surface, waiter: &waiter, timeout: timeout)
    guard let picture, picture.width == width, picture.height == height else { return .wrong }
    func isThere(_ format: PixelFormat) -> Bool {
      (0..<height).allSatisfy { y in
        (0..<width).allSatisfy { x in format.color(picture.pixels[y * width + x]) == Self.color(x, y) }
      }
    }
    return isThere(.bgrx) ? .right : isThere(format) ? .asInMemory : .wrong
  }

  /// The same nowhere.
  private static func color(_ x: Int, _ y: Int) -> Color {
    Color(
      red: UInt8(truncatingIfNeeded: 7 * x + 3 * y), green: UInt8(truncatingIfNeeded: 5 * y + x + 1),
      blue: UInt8(truncatingIfNeeded: 11 * x + 13 * y))
  }

  /// A line with its title; one that cannot be written is no fault of the device.
  private func print(_ title: String, _ words: String, width: Int = 15) {
    try? Terminal.print(InspectCommand.padded(title, width) + words)
  }
}
