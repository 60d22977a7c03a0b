/// Firmware that halts the processor at once: the machine is ours alone, and costs no processor time.
enum HaltFirmware {
  /// 64 KiB that end at the reset vector (16 bytes from the end): `cli; hlt; jmp` back to the `hlt`. All else is `hlt`.
  static var x86: [UInt8] {
    var image = [UInt8](repeating: 0xf4, count: 65_536)
    image.replaceSubrange(65_520..<65_524, with: [0xfa, 0xf4, 0xeb, 0xfd])
    return image
  }

  /// `wfi; b .-4`
  static let aarch64: [UInt8] = [0x7f, 0x20, 0x03, 0xd5, 0xff, 0xff, 0xff, 0x17]

  /// `wfi; j .-4`
  static let riscv64: [UInt8] = [0x73, 0x00, 0x50, 0x10, 0x6f, 0xf0, 0xdf, 0xff]
}
