import DeviceTree
import Testing

@Test func machine_writtenBlob_readsBack() throws {
  var writer = BlobWriter()
  writer.reservations = [(0x8000_0000, 0x20000)]
  writer.begin("")
  writer.property("#address-cells", cells: 2)
  writer.property("#size-cells", cells: 2)
  writer.nop()
  writer.property("dma-coherent", bytes: [])
  writer.begin("chosen")
  writer.property("bootargs", "quiet root=vda")
  writer.end()
  writer.begin("reserved-memory")
  writer.property("#address-cells", cells: 2)
  writer.property("#size-cells", cells: 2)
  writer.property("ranges", bytes: [])
  writer.begin("firmware@90000000")
  writer.property("reg", cells: 0, 0x9000_0000, 0, 0x1000)
  writer.end()
  writer.end()
  writer.end()
  let tree = try FlattenedDeviceTree(writer.blob() + [1, 2, 3])
  #expect(tree.bootArguments == "quiet root=vda")
  #expect(
    try tree.reservedMemory() == [
      AddressRange(address: 0x8000_0000, byteCount: 0x20000), AddressRange(address: 0x9000_0000, byteCount: 0x1000),
    ])
  #expect(tree.nodes.map(\.path) == ["/", "/chosen", "/reserved-memory", "/reserved-memory/firmware@90000000"])
  #expect(tree.root.properties.map(\.name) == ["#address-cells", "#size-cells", "dma-coherent"])
}

/// A bus at `ranges` <0x100 0x5000 0x200>, with a device at `address` on it.
private func bus(address: UInt32, ranges: Bool = true, status: String? = nil) throws -> FlattenedDeviceTree {
  var writer = BlobWriter()
  writer.begin("")
  writer.property("#address-cells", cells: 1)
  writer.property("#size-cells", cells: 1)
  writer.begin("bus")
  writer.property("#address-cells", cells: 1)
  writer.property("#size-cells", cells: 1)
  if ranges { writer.property("ranges", cells: 0x100, 0x5000, 0x200) }
  writer.property("dma-coherent", bytes: [])
  writer.begin("device")
  writer.property("compatible", bytes: Array("maker,new\0maker,old\0".utf8))
  writer.property("reg", cells: address, 0x10)
  if let status { writer.property("status", status) }
  writer.end()
  writer.end()
  writer.end()
  return try FlattenedDeviceTree(writer.blob())
}

@Test func registers_behindABus_translated() throws {
  let devices = try bus(address: 0x180).devices(compatibleWith: "maker,old")
  #expect(devices.map(\.registers) == [AddressRange(address: 0x5080, byteCount: 0x10)])
  #expect(devices[0].isDMACoherent)
  #expect(try bus(address: 0x180).devices(compatibleWith: "maker,ol").isEmpty)
}

@Test func registers_outsideTheBusWindow_refused() throws {
  #expect(throws: DeviceTreeError.notTranslatable(node: "/bus", address: 0x2f8)) {
    try bus(address: 0x2f8).devices(compatibleWith: "maker,new")
  }
  #expect(throws: DeviceTreeError.notTranslatable(node: "/bus", address: 0x180)) {
    try bus(address: 0x180, ranges: false).devices(compatibleWith: "maker,new")
  }
}

@Test(arguments: ["okay", "ok"]) func status_good_listed(status: String) throws {
  #expect(try bus(address: 0x100, status: status).devices(compatibleWith: "maker,new").count == 1)
}

@Test(arguments: ["disabled", "fail", "okayish"]) func status_other_leftOut(status: String) throws {
  #expect(try bus(address: 0x100, status: status).devices(compatibleWith: "maker,new").isEmpty)
}

@Test func registers_strangeCells_refused() throws {
  for (addressCells, reg, error) in [
    (3, [0, 0, 0, 1], DeviceTreeError.unsupportedCells(node: "/", count: 3)),
    (1, [1, 1, 1], .malformedProperty(node: "/device", property: "reg")),
    (0, [1], .malformedProperty(node: "/device", property: "reg")),
  ] as [(UInt32, [UInt32], DeviceTreeError)] {
    var writer = BlobWriter()
    writer.begin("")
    writer.property("#address-cells", cells: addressCells)
    writer.begin("device")
    writer.property("reg", bytes: reg.flatMap { BlobWriter.bigEndian($0) })
    writer.end()
    writer.end()
    let node = try #require(try FlattenedDeviceTree(writer.blob()).node(atPath: "/device"))
    #expect(throws: error) { try node.registers() }
  }
}
