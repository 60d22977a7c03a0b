#if os(none)
  import BareMetal
  import DevicePlatform
  import DeviceTraits
  import NetworkStack

  /// A network interface of the machine's as the example stack sees it.
  struct InterfacePort: FramePort, ~Copyable {
    private let device: any NetworkDevice
    /// Frames that the interface did not take.
    private(set) var refusedCount = 0

    /// The port of an interface that nobody else uses.
    init(_ device: any NetworkDevice) { self.device = device }

    var address: EthernetAddress {
      var value: UInt64 = 0
      for index in 0..<6 { value = value << 8 | UInt64(device.hardwareAddress[index]) }
      return EthernetAddress(rawValue: value)
    }
    var mtu: Int { device.mtu }

    mutating func takeBuffer() -> DMABuffer? {
      do throws(DeviceTraits.NetworkError) {
        return try device.makeFrame(byteCount: device.mtu + 14).takeBuffer()
      } catch {
        return nil
      }
    }

    mutating func send(_ frame: consuming Frame) {
      let (offset, byteCount) = (frame.offset, frame.byteCount)
      if let refused = device.send(NetworkFrame(frame.takeBuffer(), from: offset, byteCount: byteCount)) {
        refusedCount += 1
        device.recycle(refused.takeFrame())
      }
    }

    mutating func receive() -> Frame? {
      guard let frame = device.receive() else { return nil }
      let (offset, byteCount) = (frame.offset, frame.byteCount)
      let word: ChecksumWord =
        switch frame.checksum {
        case .unknown: .none
        case .verified: .verified
        case .unfinished(let start, let field): .unfinished(start: Int(start), offset: Int(field))
        }
      return Frame(frame.takeBuffer(), offset: offset, byteCount: byteCount, checksum: word)
    }

    mutating func giveBack(_ frame: consuming Frame) {
      let (offset, byteCount) = (frame.offset, frame.byteCount)
      device.recycle(NetworkFrame(frame.takeBuffer(), from: offset, byteCount: byteCount))
    }

    mutating func flush() { device.publish() }

    mutating func arm() -> Bool { device.arm() }
  }

  /// Waits for an interface as the machine waits for its device: asleep, where that interrupts.
  struct InterfaceWaiter: Waiter {
    private let device: any NetworkDevice
    private let clock: CounterClock

    init(_ device: any NetworkDevice, clock: CounterClock) {
      self.device = device
      self.clock = clock
    }

    var now: MonotonicTime { clock.now }
    mutating func wait(until deadline: MonotonicTime) { device.wait(until: deadline) }
  }
#endif
