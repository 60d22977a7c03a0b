import DeviceTree
import Testing

/// Asks everything there is to ask, and keeps count so that nothing is optimised away. Errors are answers, too.
private func exhaust(_ blob: [UInt8]) -> Int {
  guard let tree = try? FlattenedDeviceTree(blob) else { return 0 }
  var count = tree.bootArguments?.count ?? 0
  count += (try? tree.memory().count) ?? 0
  count += (try? tree.reservedMemory().count) ?? 0
  count += (try? tree.timebaseFrequency()) == nil ? 0 : 1
  count += (try? tree.devices(compatibleWith: "virtio,mmio").count) ?? 0
  count += (try? tree.pciHost()?.windows.count) ?? 0
  for node in tree.nodes {
    count += node.properties.count + ((try? node.registers().count) ?? 0)
    count += node.path.utf8.count
  }
  return count
}

private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

private func set(_ value: UInt32, at offset: Int, of blob: inout [UInt8]) {
  blob.replaceSubrange(offset..<offset + 4, with: BlobWriter.bigEndian(value))
}

@Test func truncated_everyLength_refused() {
  let blob = RealBlobs.riscv64Virt
  #expect(exhaust(blob) > 100)
  for length in 0..<blob.count {
    #expect(throws: DeviceTreeError.self) { try FlattenedDeviceTree(Array(blob[..<length])) }
  }
}

@Test func truncated_withHonestHeader_refusedOrRead() {
  let blob = RealBlobs.riscv64Virt
  let structureStart = Int(blob[10]) << 8 | Int(blob[11])
  for length in stride(from: 4, to: blob.count - structureStart, by: 4) {
    var cut = blob
    set(UInt32(length), at: 36, of: &cut)
    _ = exhaust(cut)
  }
}

@Test func flippedBytes_neverTrap() {
  var generator = Generator(state: 1)
  for round in 0..<3000 {
    var damaged = round & 1 == 0 ? RealBlobs.riscv64Virt : RealBlobs.aarch64Virt
    for _ in 0..<Int.random(in: 1...8, using: &generator) {
      damaged[Int.random(in: 8..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
    }
    _ = exhaust(damaged)
  }
}

@Test func header_eachLie_named() throws {
  var writer = BlobWriter()
  writer.begin("")
  writer.end()
  let good = writer.blob()
  #expect(try FlattenedDeviceTree(good).nodes.count == 1)
  func error(_ value: UInt32, at offset: Int) -> DeviceTreeError? {
    var blob = good
    set(value, at: offset, of: &blob)
    do {
      _ = try FlattenedDeviceTree(blob)
      return nil
    } catch { return error }
  }
  #expect(error(0xfeed_d00d, at: 0) == .noMagic(found: 0xfeed_d00d))
  #expect(error(0xffff_ffff, at: 4) == .tooShort(byteCount: good.count, expected: 0xffff_ffff))
  #expect(error(8, at: 4) == .tooShort(byteCount: good.count, expected: 40))
  #expect(error(0xffff_fffc, at: 8) == .blockOutOfRange(offset: 0xffff_fffc, byteCount: 16))
  #expect(error(57, at: 8) == .blockOutOfRange(offset: 57, byteCount: 16))
  #expect(error(0xffff_ffff, at: 36) == .blockOutOfRange(offset: 56, byteCount: 0xffff_ffff))
  #expect(error(44, at: 16) == .blockOutOfRange(offset: 44, byteCount: 16))
  #expect(error(18, at: 24) == .incompatibleVersion(18))
  #expect(error(3, at: 36) == .malformedStructure(offset: 56))
}

@Test func structure_doesNotNest_refused() {
  func isRefused(_ write: (inout BlobWriter) -> Void) -> Bool {
    var writer = BlobWriter()
    write(&writer)
    return (try? FlattenedDeviceTree(writer.blob())) == nil
  }
  #expect(isRefused { _ in })
  #expect(isRefused { $0.begin("") })
  #expect(isRefused { $0.end() })
  #expect(
    isRefused {
      $0.begin(""); $0.end(); $0.end()
    })
  #expect(
    isRefused {
      $0.begin(""); $0.end(); $0.begin(""); $0.end()
    })
  #expect(
    isRefused {
      $0.property("a", cells: 1); $0.begin(""); $0.end()
    })
  #expect(
    isRefused {
      $0.begin(""); $0.begin("a"); $0.end(); $0.property("late", cells: 1); $0.end()
    })
  #expect(
    isRefused {
      $0.begin(""); $0.word(5); $0.end()
    })
  #expect(
    !isRefused {
      $0.begin(""); $0.begin("a"); $0.end(); $0.nop(); $0.end()
    })
}

@Test func nesting_limitIs32() throws {
  for (depth, isReadable) in [(32, true), (33, false)] {
    var writer = BlobWriter()
    for level in 0..<depth { writer.begin(level == 0 ? "" : "n") }
    for _ in 0..<depth { writer.end() }
    #expect(((try? FlattenedDeviceTree(writer.blob())) != nil) == isReadable)
  }
}
