import Testing
import VirtqueueStorage

/// Offsets of a ring's areas, against numbers worked out from the spec's text.
struct SplitLayoutTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    var size: Int
    var alignment: Int
    var driver: Int
    var device: Int
    var byteCount: Int
    var testDescription: String { "size \(size), alignment \(alignment)" }
  }

  // Descriptors 16 n; available ring 6 + 2 n; used ring, aligned, 6 + 8 n.
  static let golden = [
    Golden(size: 1, alignment: 64, driver: 16, device: 64, byteCount: 78),
    Golden(size: 2, alignment: 64, driver: 32, device: 64, byteCount: 86),
    Golden(size: 8, alignment: 4, driver: 128, device: 152, byteCount: 222),
    Golden(size: 256, alignment: 64, driver: 4096, device: 4672, byteCount: 6726),
    Golden(size: 8, alignment: 4096, driver: 128, device: 4096, byteCount: 8192),
    // The classic one: two pages of descriptors and available ring, one of used ring.
    Golden(size: 256, alignment: 4096, driver: 4096, device: 8192, byteCount: 12288),
    Golden(size: 1024, alignment: 4096, driver: 16384, device: 20480, byteCount: 32768),
    Golden(size: 32768, alignment: 4096, driver: 524_288, device: 593_920, byteCount: 860_160),
    Golden(size: 32768, alignment: 64, driver: 524_288, device: 589_888, byteCount: 852_038),
  ]

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues 1
  // SPEC: sec:... / Legacy Interfaces: A Note on Virtqueue Layout 2, 3
  @Test(arguments: golden)
  func layout_ofASize_isTheSpecs(_ golden: Golden) {
    let layout = SplitLayout(size: golden.size, deviceAreaAlignment: golden.alignment)
    #expect(layout.descriptorOffset == 0)
    #expect(layout.driverAreaOffset == golden.driver)
    #expect(layout.deviceAreaOffset == golden.device)
    #expect(layout.byteCount == golden.byteCount)
  }

  @Test func layout_ofAnImpossibleSize_ends() async {
    await #expect(processExitsWith: .failure) { _ = SplitLayout(size: 0, deviceAreaAlignment: 64) }
    await #expect(processExitsWith: .failure) { _ = SplitLayout(size: 3, deviceAreaAlignment: 64) }
    await #expect(processExitsWith: .failure) { _ = SplitLayout(size: 65536, deviceAreaAlignment: 64) }
    await #expect(processExitsWith: .failure) { _ = SplitLayout(size: 8, deviceAreaAlignment: 2) }
    await #expect(processExitsWith: .failure) { _ = SplitLayout(size: 8, deviceAreaAlignment: 96) }
  }
}
