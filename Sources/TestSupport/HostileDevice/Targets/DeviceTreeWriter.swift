import VirtIOTestSupport

/// Writes trees out of names and numbers that readers look for: most are well formed, and say what cannot be.
struct DeviceTreeWriter {
  private var structure: [UInt8] = []
  private var strings: [UInt8] = []
  private var reservations: [UInt8] = []
  private var depth = 0

  private static let nodes = [
    "soc", "memory@0", "chosen", "cpus", "cpu@0", "reserved-memory", "pcie@0", "a", "a@1", "",
  ]
  private static let properties = [
    "reg", "ranges", "#address-cells", "#size-cells", "compatible", "status", "interrupts", "device_type", "bus-range",
    "interrupt-map", "interrupt-map-mask", "bootargs", "timebase-frequency", "dma-coherent", "dma-noncoherent", "x",
  ]
  private static let texts = ["okay", "disabled", "memory", "virtio,mmio", "pci-host-ecam-generic", "a", "ok", ""]

  /// A blob, by decisions, with some bytes falsified at the end.
  static func blob(_ decisions: Decisions) -> [UInt8] {
    var writer = DeviceTreeWriter()
    writer.begin("")
    while let choice = decisions.next(), writer.structure.count < 8192 { writer.write(choice, decisions) }
    while writer.depth > 0 { writer.end() }
    writer.word(9)
    return writer.blob()
  }

  private mutating func write(_ choice: UInt8, _ decisions: Decisions) {
    let name = Int(choice >> 3)
    switch choice & 7 {
    case 0: begin(Self.nodes[name % Self.nodes.count])
    case 1 where depth > 1: end()
    case 2, 3:
      // Cells: small ones as a rule, so that they fit together.
      let cells = (0..<Int(decisions.byte() & 15)).map { _ -> UInt32 in
        let value = decisions.byte()
        return value < 0xf8 ? UInt32(value & 31) : value < 0xfc ? 0xffff_ffff : decisions.word()
      }
      property(Self.properties[name % Self.properties.count], cells.flatMap(Self.bigEndian))
    case 4: property(Self.properties[name % Self.properties.count], Self.bigEndian(UInt32(decisions.byte() & 3)))
    case 5: property(Self.properties[name % Self.properties.count], [])
    case 6:
      let text = Self.texts[Int(decisions.byte()) % Self.texts.count]
      property(Self.properties[name % Self.properties.count], Array(text.utf8) + [0])
    case 7 where choice < 128: word(4)
    case 7 where choice < 160: reservations += (0..<16).map { _ in decisions.byte() }
    // What no tree has.
    case 7 where choice < 168: word(decisions.word())
    default: break
    }
  }

  private mutating func begin(_ name: String) {
    depth += 1
    word(1)
    structure += Array(name.utf8) + [0]
    pad()
  }

  private mutating func end() {
    depth -= 1
    word(2)
  }

  private mutating func property(_ name: String, _ bytes: [UInt8]) {
    word(3)
    word(UInt32(bytes.count))
    word(UInt32(strings.count))
    strings += Array(name.utf8) + [0]
    structure += bytes
    pad()
  }

  private mutating func word(_ value: UInt32) { structure += Self.bigEndian(value) }
  private mutating func pad() { while structure.count % 4 != 0 { structure.append(0) } }

  private func blob() -> [UInt8] {
    let reserved = reservations + [UInt8](repeating: 0, count: 16)
    let start = 40 + reserved.count
    let header = [
      0xd00d_feed, start + structure.count + strings.count, start, start + structure.count, 40, 17, 16, 0,
      strings.count, structure.count,
    ]
    return header.flatMap { Self.bigEndian(UInt32($0)) } + reserved + structure + strings
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }
}
