import CRingBench
import DevicePlatform
import Glibc
import VirtIO

/// Memory for the bench: pages of the process, at the addresses that the "device" uses, too.
struct ProcessPages: DMAProvider {
  var access: DirectAccess { DirectAccess() }

  func reserve(byteCount: Int, alignment: Int) -> UInt? {
    let size = (byteCount + 4095) & ~4095
    return unsafe aligned_alloc(max(alignment, 4096), size).map { UInt(bitPattern: $0) }
  }
  // The address came from `aligned_alloc`.
  func release(address: UInt, byteCount: Int) { unsafe free(UnsafeMutableRawPointer(bitPattern: address)) }
  func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    DeviceAddress(UInt64(address))
  }
  func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {}
}

/// A register that nobody reads. The device's event is passed once in 65 536 requests, so the bell rings that often.
struct BenchBell: Doorbell {
  @inline(__always)
  func ring() { bench_ring_bell() }
}

/// The register that bring-up reads back.
final class BenchStatus {
  var value: DeviceStatus = []
}

/// A transport with nothing behind it: the bench measures the ring.
struct BenchTransport: Transport, ~Copyable {
  let identity = DeviceIdentity()
  let memory = DMAPool(provider: ProcessPages())
  var deviceType: DeviceType = .block
  /// What the device offers, if it is brought up.
  var features: FeatureSet = []
  /// What each byte of the configuration is.
  var configurationByte: UInt8 = 2
  let status = BenchStatus()
  var isLegacy: Bool { false }
  var location: String { "bench" }
  func readStatus() -> DeviceStatus { status.value }
  func writeStatus(_ status: DeviceStatus) { self.status.value = status }
  var featureWordCount: Int { 4 }
  func readDeviceFeatures(word index: Int) -> UInt32 { features.word(index) }
  func writeDriverFeatures(_ value: UInt32, word index: Int) {}
  func prepareQueues() {}
  func maximumSize(ofQueue index: UInt16) -> UInt32 { 256 }
  var ringRequirements: RingRequirements { .modern }
  func configure(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {}
  func makeDoorbell(queue index: UInt16) throws(TransportError) -> BenchBell { BenchBell() }
  var configurationByteCount: Int { 12 }
  func readConfigurationGeneration() -> UInt32 { 0 }
  func readConfiguration8(at offset: Int) -> UInt8 { configurationByte }
  func readConfiguration16(at offset: Int) -> UInt16 { 0 }
  func readConfiguration32(at offset: Int) -> UInt32 { 0 }
  func writeConfiguration8(_ value: UInt8, at offset: Int) {}
  func writeConfiguration16(_ value: UInt16, at offset: Int) {}
  func writeConfiguration32(_ value: UInt32, at offset: Int) {}
}
