import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOMMIO
import VirtIOTestSupport

typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>

/// A scripted disk, its memory, and the driver over MMIO.
struct Disk {
  let heap = DeviceHeap()
  let memory: TestMemory
  let model: BlockModel
  let device: ScriptedDevice

  init(
    sectors: Int = 64, features: FeatureSet = [.indirectDescriptors, .eventIndex], queueSize: UInt32 = 16,
    isReadOnly: Bool = false, isLegacy: Bool = false
  ) {
    memory = TestMemory(heap: heap)
    model = BlockModel(sectors: sectors)
    model.fillWithPattern()
    model.isReadOnly = isReadOnly
    device = model.makeDevice(features: features, queueSize: queueSize, heap: heap, isLegacy: isLegacy)
    device.trace.isOn = false
  }

  /// Changes fields of the configuration before the driver looks.
  func configure(at offset: Int, _ value: UInt64, byteCount: Int) {
    device.changeConfiguration(
      at: offset, to: (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) })
  }

  func bringUp(_ options: BlockOptions = BlockOptions()) throws -> BlockDevice<Bus> {
    var waiter = TestWaiter(step: .milliseconds(100))
    return try BlockDevice(
      try Bus(registers: ScriptedMMIORegisters(device: device), memory: memory), options: options, waiter: &waiter)
  }

  /// The error of a bring-up; nil when it succeeds.
  func bringUpError(_ options: BlockOptions = BlockOptions()) -> BringupError? {
    do {
      _ = try bringUp(options)
      return nil
    } catch { return error as? BringupError }
  }

  /// A list of segments of these sizes.
  func segments(_ sizes: [Int]) throws -> SegmentList {
    var list = SegmentList(capacity: sizes.count)
    for size in sizes { list.append(try memory.allocate(byteCount: size)) }
    return list
  }
}

/// The error of a body, for throwing code over noncopyable values.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch { return error }
}

/// Why a request was refused; nil when it was taken.
func refusal(_ submission: consuming BlockSubmission<DMABuffer>, byteCount: Int) -> BlockRefusal? {
  switch consume submission {
  case .accepted: return nil
  case .refused(let reason, let buffer):
    #expect(buffer.count == byteCount)
    return reason
  }
}

/// Why a request with a list was refused; nil when it was taken.
func refusal(_ submission: consuming BlockSubmission<SegmentList>, byteCount: Int) -> BlockRefusal? {
  switch consume submission {
  case .accepted: return nil
  case .refused(let reason, let list):
    #expect(list.byteCount == byteCount)
    return reason
  }
}
