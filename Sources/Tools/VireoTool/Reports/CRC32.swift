// The checksum that the guest prints of each disk, computed by the host.

/// CRC-32 of IEEE 802.3: reflected, polynomial 0x04C11DB7, initial value and final inversion all ones.
package enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let table = table
    return ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
  }

  /// Eight lower-case hexadecimal digits, as the guest prints them.
  package static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = String(checksum(bytes), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
