internal import InputEvents

/// Makes frames of the bytes that a mouse sends: packets of three, or of four with a wheel.
struct MousePackets {
  let hasWheel: Bool
  private var bytes = InlineArray<4, UInt8>(repeating: 0)
  private var count = 0
  /// Buttons that are down: left, right, middle.
  private var buttons: UInt8 = 0
  private(set) var strayCount: UInt64 = 0

  init(hasWheel: Bool) { self.hasWheel = hasWheel }

  /// Bytes were lost: what has begun is worth nothing, and which buttons are down is not known.
  mutating func forget() {
    count = 0
    buttons = 0
  }

  /// Takes a byte in.
  ///
  /// - Returns: true when it ended a packet that tells something; `frame` has it then.
  mutating func take(_ byte: UInt8, into frame: inout InputFrame) -> Bool {
    // The first byte of a packet has bit 3 set: so one finds the beginning again.
    if count == 0, byte & 8 == 0 {
      strayCount &+= 1
      return false
    }
    bytes[count] = byte
    count += 1
    guard count == (hasWheel ? 4 : 3) else { return false }
    count = 0
    let head = bytes[0]
    for (bit, code) in [(1, 0x110), (2, 0x111), (4, 0x112)] as [(UInt8, UInt16)] where (head ^ buttons) & bit != 0 {
      _ = frame.append(InputEvent(.key, code: code, value: head & bit != 0 ? 1 : 0))
    }
    buttons = head & 7
    // Bits 6 and 7: the distance did not fit, and is nothing to go by.
    let x = head & 0x40 == 0 ? Int32(bytes[1]) - (head & 0x10 == 0 ? 0 : 256) : 0
    let y = head & 0x80 == 0 ? Int32(bytes[2]) - (head & 0x20 == 0 ? 0 : 256) : 0
    if x != 0 { _ = frame.append(InputEvent(.relative, code: 0, value: x)) }
    // Upwards is positive here, downwards there.
    if y != 0 { _ = frame.append(InputEvent(.relative, code: 1, value: -y)) }
    if hasWheel, bytes[3] != 0 {
      _ = frame.append(InputEvent(.relative, code: 8, value: -Int32(Int8(bitPattern: bytes[3]))))
    }
    return !frame.isEmpty
  }
}
