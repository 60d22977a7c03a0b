import CRingBench
import DevicePlatform
import InputEvents
import VirtIO
import VirtIOInput

/// What an input device's data path is measured by: keys, each an event and the end of its frame, from the used ring to the
/// caller's frame, with the buffers' way back to the device.
enum InputShape: Int, CaseIterable {
  /// One that has just come; the caller looks once more, and finds nothing.
  case single
  /// 16 that wait: half of what the device has buffers for.
  case waiting

  var name: String {
    switch self {
    case .single: "input, a key at a time"
    case .waiting: "input, 16 keys that wait"
    }
  }
}

/// Takes `operations` keys from an input device with all checks and EVENT_IDX on. Returns 64 for each that was right.
func runInput(_ shape: InputShape, operations: Int) throws -> UInt64 {
  var transport = BenchTransport(deviceType: .input, features: [.version1, .eventIndex])
  // It has nothing to say about itself.
  transport.configurationByte = 0
  var waiter = PollingWaiter(clock: BenchClock())
  var input = try EventDevice<BenchTransport>(transport, waiter: &waiter)
  let state = input.eventQueueState
  // As the device would write them: every second buffer ends a frame. The order of buffers never changes.
  let key = InputEvent(.key, code: 30, value: 1)
  let word = UInt64(key.type.rawValue) | UInt64(key.code) << 16 | UInt64(key.value) << 32
  let descriptors = unsafe UnsafePointer<UInt64>(bitPattern: UInt(state.areas.descriptors.rawValue))!
  let available = unsafe UnsafeMutablePointer<UInt16>(bitPattern: UInt(state.areas.driver.rawValue))!
  for position in 0..<state.size {
    let address = unsafe descriptors[2 * Int(available[2 + position])]
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(address))!.pointee = position % 2 == 0 ? word : 0
  }
  // The device's view of the same memory; its event is set half a round ahead: never reached.
  let used = unsafe UnsafeMutablePointer<UInt16>(bitPattern: UInt(state.areas.device.rawValue))!
  unsafe used[2 + 4 * state.size] = 0x8000
  var device = unsafe bench_device(
    available: available, used: used, last: 0, mask: UInt16(state.size - 1), limit: shape == .single ? 2 : 32,
    length: 8)
  var frame = InputFrame()
  unsafe runKeys(&input, &device, operations, shape == .single ? 1 : 16, &frame)
  let isRight = frame.isEmpty && input.overrunCount == 0 && input.ignoredEventCount == 0
  return isRight && input.eventQueueState.counters.falseLengths == 0 ? UInt64(operations) * 64 : 0
}

@inline(never)
func runKeys(
  _ input: inout EventDevice<BenchTransport>, _ device: inout bench_device, _ operations: Int, _ burst: Int,
  _ frame: inout InputFrame
) {
  for _ in 0..<operations / burst {
    _ = unsafe bench_device_run(&device)
    for _ in 0..<burst {
      guard input.nextFrame(&frame), frame.count == 1, frame[0].code == 30 else { fail("a key was lost") }
    }
    if input.nextFrame(&frame) { fail("a key too many") }
  }
}
